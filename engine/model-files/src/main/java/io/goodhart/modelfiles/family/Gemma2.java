package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.List;

/**
 * Gemma 2: norms by 1 + weight before and after attention and MLP, every other layer slides, scores of attention and vocabulary
 * are soft-capped, embeddings are scaled by √D.
 */
final class Gemma2 implements Family {
    @Override
    public String modelType() {
        return "gemma2";
    }

    @Override
    public String architecture() {
        return "Gemma2ForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        json.refuseIfTrue("use_bidirectional_attention");
        Sizes defaults = new Sizes(26, 2304, 9216, 8, 4, 256, 256000, 8192);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.SHIFTED_ROOT_MEAN_SQUARE, 1e-6);
        List<Integer> windows = Windows.ofEach(json, parts.sizes().layers(), 4096, layer -> layer % 2 == 0);
        Bias bias = Bias.when(json.flag("attention_bias", false));
        Activation activation = json.activation("hidden_activation", Activation.GELU_TANH);
        Rope rope = parts.rope(RopeKeys.usual(1e4));
        double scale = 1 / Math.sqrt(json.positive("query_pre_attn_scalar", 256));
        double softcap = json.positiveOrNull("attn_logit_softcapping", 50);
        double finalSoftcap = json.positiveOrNull("final_logit_softcapping", 30);
        return parts.decoder(
                this,
                Math.sqrt(parts.sizes().dModel()),
                parts.head(LlamaParts.TiedByDefault.YES, finalSoftcap),
                SpecialTokens.of(2, 1, 0),
                (layer, name) -> sandwich(
                        parts,
                        name,
                        parts.attention(name, bias, new Scores(scale, softcap, windows.get(layer)), rope),
                        activation));
    }

    /** A block with norms before and after attention and MLP. */
    static BlockLayout sandwich(LlamaParts parts, String name, AttentionLayout attention, Activation activation) {
        return new BlockLayout(
                BlockLayout.Residual.SEQUENTIAL,
                parts.norm(name + "input_layernorm"),
                attention,
                parts.norm(name + "post_attention_layernorm"),
                parts.norm(name + "pre_feedforward_layernorm"),
                parts.gatedMlp(name, activation, Bias.ABSENT),
                parts.norm(name + "post_feedforward_layernorm"));
    }
}
