package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
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
 * Gemma 3, text only: norms by 1 + weight before and after attention and MLP and on queries and keys, mostly sliding layers with
 * rotary positions of their own, embeddings scaled by √D.
 */
final class Gemma3 implements Family {
    private static final RopeKeys SLIDING = new RopeKeys(
            "rope_local_base_freq",
            1e4,
            "partial_rotary_factor",
            1,
            "sliding_attention",
            RopeKeys.Scaling.FOR_OTHER_LAYERS);

    @Override
    public String modelType() {
        return "gemma3_text";
    }

    @Override
    public String architecture() {
        return "Gemma3ForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        json.refuseUnlessNull("attn_logit_softcapping");
        json.refuseIfTrue("use_bidirectional_attention");
        Sizes defaults = new Sizes(26, 2304, 9216, 8, 4, 256, 262208, 131072);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.SHIFTED_ROOT_MEAN_SQUARE, 1e-6);
        int pattern = json.size("sliding_window_pattern", json.size("_sliding_window_pattern", 6));
        List<Integer> windows = Windows.ofEach(json, parts.sizes().layers(), 4096, layer -> (layer + 1) % pattern != 0);
        Bias bias = Bias.when(json.flag("attention_bias", false));
        Activation activation = json.activation("hidden_activation", Activation.GELU_TANH);
        Rope full = parts.rope(RopeKeys.usual(1e6));
        Rope sliding = parts.rope(SLIDING);
        int dHead = parts.sizes().dHead();
        double scale = 1 / Math.sqrt(json.positive("query_pre_attn_scalar", 256));
        double finalSoftcap = json.positiveOrNull("final_logit_softcapping", 0);
        return parts.decoder(
                this,
                Math.sqrt(parts.sizes().dModel()),
                parts.head(LlamaParts.TiedByDefault.YES, finalSoftcap),
                SpecialTokens.of(2, 1, 0),
                (layer, name) -> {
                    int window = windows.get(layer);
                    Rope rope = window == 0 ? full : sliding;
                    return Gemma2.sandwich(
                            parts,
                            name,
                            parts.attention(name, bias, new Scores(scale, 0, window), rope)
                                    .normed(
                                            parts.norm(name + "self_attn.q_norm", dHead),
                                            parts.norm(name + "self_attn.k_norm", dHead)),
                            activation);
                });
    }
}
