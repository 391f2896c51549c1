package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.ClassifierConfig.Counting;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.EncoderLayout;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** DistilBERT with a classification head: BERT without token types, head of two layers with ReLU between them. */
final class Distilbert implements Family {
    private static final OldNames OLD_NAMES =
            new OldNames("", Pattern.compile("distilbert\\.embeddings\\.position_ids"));

    /** The architecture has no setting for it. */
    private static final double EPSILON = 1e-12;

    @Override
    public String modelType() {
        return "distilbert";
    }

    @Override
    public String architecture() {
        return "DistilBertForSequenceClassification";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        int d = json.size("dim", 768);
        int heads = json.count("n_heads", 12);
        json.check(d % heads == 0, "n_heads", "%d does not divide dim %d".formatted(heads, d));
        int positions = json.size("max_position_embeddings", 512);
        Sizes sizes = new Sizes(
                json.count("n_layers", 6),
                d,
                json.size("hidden_dim", 3072),
                heads,
                heads,
                Math.max(1, d / heads),
                json.size("vocab_size", 30522),
                positions);
        Labels labels = Labels.read(json);
        String name = "distilbert.embeddings.";
        return new ClassifierConfig(
                modelType(),
                sizes,
                new ClassifierConfig.Embedding(
                        name + "word_embeddings.weight",
                        name + "position_embeddings.weight",
                        positions,
                        Counting.FROM_ZERO,
                        null,
                        0,
                        norm(name + "LayerNorm", d)),
                blocks(sizes, json.activation("activation", Activation.GELU)),
                BertParts.linear("pre_classifier", d, d),
                Activation.RELU,
                BertParts.linear("classifier", labels.names().size(), d),
                labels.names(),
                labels.multiLabel(),
                json.specialTokens(
                        sizes.vocabulary(), new SpecialTokens(OptionalInt.empty(), List.of(), OptionalInt.of(0))),
                OLD_NAMES);
    }

    private static List<EncoderLayout> blocks(Sizes sizes, Activation activation) {
        int d = sizes.dModel();
        int f = sizes.dMlp();
        List<EncoderLayout> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = "distilbert.transformer.layer.%d.".formatted(layer);
            blocks.add(new EncoderLayout(
                    new Projection.Separate(
                            BertParts.linear(name + "attention.q_lin", d, d),
                            BertParts.linear(name + "attention.k_lin", d, d),
                            BertParts.linear(name + "attention.v_lin", d, d)),
                    BertParts.linear(name + "attention.out_lin", d, d),
                    norm(name + "sa_layer_norm", d),
                    new MlpLayout(
                            new MlpLayout.Input.Plain(BertParts.linear(name + "ffn.lin1", f, d)),
                            activation,
                            BertParts.linear(name + "ffn.lin2", d, f)),
                    norm(name + "output_layer_norm", d)));
        }
        return blocks;
    }

    private static NormLayout norm(String name, int size) {
        return new NormLayout(name, size, NormLayout.Kind.LAYER, EPSILON);
    }
}
