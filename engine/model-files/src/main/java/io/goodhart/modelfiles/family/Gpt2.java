package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.LinearLayout.Storage;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** GPT-2: learned positions, LayerNorm before attention and MLP, one transposed module for queries, keys and values. */
final class Gpt2 implements Family {
    private static final OldNames OLD_NAMES =
            new OldNames("transformer.", Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias"));

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public String architecture() {
        return "GPT2LMHeadModel";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        json.refuseIfTrue("add_cross_attention");
        int d = json.size("n_embd", 768);
        int heads = json.count("n_head", 12);
        json.check(d % heads == 0, "n_head", "%d does not divide n_embd %d".formatted(heads, d));
        Sizes sizes = new Sizes(
                json.count("n_layer", 12),
                d,
                json.size("n_inner", 4 * d),
                heads,
                heads,
                d / heads,
                json.size("vocab_size", 50257),
                json.size("n_positions", 1024));
        double epsilon = json.positive("layer_norm_epsilon", 1e-5);
        Activation activation = json.activation("activation_function", Activation.GELU_TANH);
        double scale = json.flag("scale_attn_weights", true) ? 1 / Math.sqrt(sizes.dHead()) : 1;
        boolean byLayer = json.flag("scale_attn_by_inverse_layer_idx", false);
        List<BlockLayout> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = "transformer.h.%d.".formatted(layer);
            AttentionLayout attention = new AttentionLayout(
                    new Projection.Fused(linear(name + "attn.c_attn", 3 * d, d)),
                    linear(name + "attn.c_proj", d, d),
                    new Scores(byLayer ? scale / (layer + 1) : scale, 0, 0),
                    null,
                    null,
                    null);
            MlpLayout mlp = new MlpLayout(
                    new MlpLayout.Input.Plain(linear(name + "mlp.c_fc", sizes.dMlp(), d)),
                    activation,
                    linear(name + "mlp.c_proj", d, sizes.dMlp()));
            blocks.add(BlockLayout.preNorm(
                    norm(name + "ln_1", d, epsilon), attention, norm(name + "ln_2", d, epsilon), mlp));
        }
        return new DecoderConfig(
                modelType(),
                sizes,
                new DecoderConfig.Embedding("transformer.wte.weight", 1, "transformer.wpe.weight"),
                blocks,
                norm("transformer.ln_f", d, epsilon),
                new DecoderConfig.Head("lm_head.weight", json.flag("tie_word_embeddings", true), 0),
                json.specialTokens(sizes.vocabulary(), SpecialTokens.of(50256, 50256)),
                OLD_NAMES);
    }

    private static LinearLayout linear(String name, int out, int in) {
        return new LinearLayout(name, out, in, Bias.PRESENT, Storage.IN_OUT);
    }

    private static NormLayout norm(String name, int size, double epsilon) {
        return new NormLayout(name, size, NormLayout.Kind.LAYER, epsilon);
    }
}
