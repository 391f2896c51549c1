package io.goodhart.modelfiles.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Gemma 3, text only: RMSNorm by 1 + weight before and after attention and MLP and on queries and keys, gated MLP, grouped
 * keys and values, sliding and full attention mixed, scaled embeddings.
 *
 * @param slidingLayers for each layer whether it attends to the window only
 * @param window a sliding layer sees the token itself and the window − 1 before it
 * @param queryScalar attention scores are divided by its square root
 * @param globalRopeBase θ of full layers
 * @param localRopeBase θ of sliding layers
 * @param attentionBias whether query, key, value and output projection have biases
 */
public record Gemma3Config(
        int layers,
        int dModel,
        int dMlp,
        int heads,
        int keyValueHeads,
        int dHead,
        int vocabulary,
        int context,
        Activation activation,
        double epsilon,
        List<Boolean> slidingLayers,
        int window,
        double queryScalar,
        double globalRopeBase,
        double localRopeBase,
        boolean attentionBias,
        boolean tiedHead,
        SpecialTokens specialTokens)
        implements DecoderConfig {
    public Gemma3Config {
        slidingLayers = List.copyOf(slidingLayers);
    }

    @Override
    public String family() {
        return "gemma3_text";
    }

    static Gemma3Config read(ConfigReader json) {
        json.refuseUnlessNull("attn_logit_softcapping");
        json.refuseUnlessNull("final_logit_softcapping");
        json.refuseIfTrue("use_bidirectional_attention");
        int layers = json.size("num_hidden_layers", 26);
        int heads = json.size("num_attention_heads", 8);
        int keyValueHeads = json.size("num_key_value_heads", 4);
        json.check(
                heads % keyValueHeads == 0,
                "num_key_value_heads",
                "%d does not divide num_attention_heads %d".formatted(keyValueHeads, heads));
        return new Gemma3Config(
                layers,
                json.size("hidden_size", 2304),
                json.size("intermediate_size", 9216),
                heads,
                keyValueHeads,
                json.evenSize("head_dim", 256),
                json.size("vocab_size", 262208),
                json.size("max_position_embeddings", 131072),
                json.activation("hidden_activation", Activation.GELU_TANH),
                json.positive("rms_norm_eps", 1e-6),
                slidingLayers(json, layers),
                json.size("sliding_window", 4096),
                json.positive("query_pre_attn_scalar", 256),
                json.ropeBase("full_attention", "rope_theta", 1e6),
                json.ropeBase("sliding_attention", "rope_local_base_freq", 1e4),
                json.flag("attention_bias", false),
                json.flag("tie_word_embeddings", true),
                json.specialTokens(2, 1, 0));
    }

    /** From {@code layer_types}, or every n-th layer full, with n from either name of the pattern, or 6. */
    private static List<Boolean> slidingLayers(ConfigReader json, int layers) {
        List<String> types = json.texts("layer_types");
        List<Boolean> sliding = new ArrayList<>();
        if (types.isEmpty()) {
            int pattern = json.size("sliding_window_pattern", json.size("_sliding_window_pattern", 6));
            for (int layer = 0; layer < layers; layer++) {
                sliding.add((layer + 1) % pattern != 0);
            }
            return sliding;
        }
        json.check(
                types.size() == layers, "layer_types", "has %d entries for %d layers".formatted(types.size(), layers));
        for (String type : types) {
            json.check(
                    type.equals("sliding_attention") || type.equals("full_attention"),
                    "layer_types",
                    "has the unknown type " + type);
            sliding.add(type.equals("sliding_attention"));
        }
        return sliding;
    }
}
