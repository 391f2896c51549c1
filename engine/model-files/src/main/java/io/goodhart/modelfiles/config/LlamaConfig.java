package io.goodhart.modelfiles.config;

/**
 * Llama: RMSNorm before attention and MLP, gated MLP, rotary positions, grouped keys and values.
 *
 * @param attentionBias whether query, key, value and output projection have biases
 * @param mlpBias whether the projections of the MLP have biases
 */
public record LlamaConfig(
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
        double ropeBase,
        boolean attentionBias,
        boolean mlpBias,
        boolean tiedHead,
        SpecialTokens specialTokens)
        implements DecoderConfig {
    @Override
    public String family() {
        return "llama";
    }

    static LlamaConfig read(ConfigReader json) {
        int dModel = json.size("hidden_size", 4096);
        int heads = json.size("num_attention_heads", 32);
        int keyValueHeads = json.size("num_key_value_heads", heads);
        json.check(
                heads % keyValueHeads == 0,
                "num_key_value_heads",
                "%d does not divide num_attention_heads %d".formatted(keyValueHeads, heads));
        return new LlamaConfig(
                json.size("num_hidden_layers", 32),
                dModel,
                json.size("intermediate_size", 11008),
                heads,
                keyValueHeads,
                json.evenSize("head_dim", dModel / heads),
                json.size("vocab_size", 32000),
                json.size("max_position_embeddings", 2048),
                json.activation("hidden_act", Activation.SILU),
                json.positive("rms_norm_eps", 1e-6),
                json.ropeBase("full_attention", "rope_theta", 1e4),
                json.flag("attention_bias", false),
                json.flag("mlp_bias", false),
                json.flag("tie_word_embeddings", false),
                json.specialTokens(1, 2, null));
    }
}
