package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.ClassifierConfig.Counting;
import io.goodhart.modelfiles.config.ClassifierConfig.Embedding;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.EncoderLayout;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Sizes;
import java.util.ArrayList;
import java.util.List;

/** What BERT and RoBERTa share: the keys of config.json and, behind a prefix, the names of tensors. */
record BertParts(ConfigReader json, String prefix, Sizes sizes, int positions, double epsilon) {
    static BertParts read(ConfigReader json, String prefix, int vocabulary, int unusedPositions) {
        boolean absolute = json.text("position_embedding_type", "absolute").equals("absolute");
        json.check(absolute, "position_embedding_type", "only absolute positions are supported");
        json.refuseIfTrue("is_decoder");
        json.refuseIfTrue("add_cross_attention");
        int d = json.size("hidden_size", 768);
        int heads = json.count("num_attention_heads", 12);
        json.check(d % heads == 0, "num_attention_heads", "%d does not divide hidden_size %d".formatted(heads, d));
        int positions = json.size("max_position_embeddings", 512);
        int context = positions - unusedPositions;
        json.check(context > 0, "max_position_embeddings", "%d leaves no position".formatted(positions));
        Sizes sizes = new Sizes(
                json.count("num_hidden_layers", 12),
                d,
                json.size("intermediate_size", 3072),
                heads,
                heads,
                Math.max(1, d / heads),
                json.size("vocab_size", vocabulary),
                Math.max(1, context));
        return new BertParts(json, prefix, sizes, positions, json.positive("layer_norm_eps", 1e-12));
    }

    Embedding embedding(Counting counting) {
        String name = prefix + "embeddings.";
        return new Embedding(
                name + "word_embeddings.weight",
                name + "position_embeddings.weight",
                positions,
                counting,
                name + "token_type_embeddings.weight",
                json.size("type_vocab_size", 2),
                norm(name + "LayerNorm"));
    }

    List<EncoderLayout> blocks() {
        Activation activation = json.activation("hidden_act", Activation.GELU);
        int d = sizes.dModel();
        int f = sizes.dMlp();
        List<EncoderLayout> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = "%sencoder.layer.%d.".formatted(prefix, layer);
            blocks.add(new EncoderLayout(
                    new Projection.Separate(
                            linear(name + "attention.self.query", d, d),
                            linear(name + "attention.self.key", d, d),
                            linear(name + "attention.self.value", d, d)),
                    linear(name + "attention.output.dense", d, d),
                    norm(name + "attention.output.LayerNorm"),
                    new MlpLayout(
                            new MlpLayout.Input.Plain(linear(name + "intermediate.dense", f, d)),
                            activation,
                            linear(name + "output.dense", d, f)),
                    norm(name + "output.LayerNorm")));
        }
        return blocks;
    }

    static LinearLayout linear(String name, int out, int in) {
        return new LinearLayout(name, out, in, Bias.PRESENT);
    }

    private NormLayout norm(String name) {
        return new NormLayout(name, sizes.dModel(), NormLayout.Kind.LAYER, epsilon);
    }
}
