package io.goodhart.modelfiles.config;

/**
 * GPT-2: learned positions, LayerNorm before attention and MLP, one fused query-key-value projection, biases everywhere.
 *
 * @param activation of the MLP, normally {@link Activation#GELU_TANH}
 * @param epsilon of every LayerNorm
 * @param scaleByHead whether attention scores are divided by √K
 * @param scaleByLayer whether attention scores of layer l are also divided by l + 1
 */
public record Gpt2Config(
        int layers,
        int dModel,
        int dMlp,
        int heads,
        int vocabulary,
        int context,
        Activation activation,
        double epsilon,
        boolean scaleByHead,
        boolean scaleByLayer,
        boolean tiedHead,
        SpecialTokens specialTokens)
        implements DecoderConfig {
    @Override
    public String family() {
        return "gpt2";
    }

    @Override
    public int keyValueHeads() {
        return heads;
    }

    @Override
    public int dHead() {
        return dModel / heads;
    }

    static Gpt2Config read(ConfigReader json) {
        json.refuseIfTrue("add_cross_attention");
        int dModel = json.size("n_embd", 768);
        int heads = json.size("n_head", 12);
        json.check(dModel % heads == 0, "n_head", "%d does not divide n_embd %d".formatted(heads, dModel));
        return new Gpt2Config(
                json.size("n_layer", 12),
                dModel,
                json.size("n_inner", 4 * dModel),
                heads,
                json.size("vocab_size", 50257),
                json.size("n_positions", 1024),
                json.activation("activation_function", Activation.GELU_TANH),
                json.positive("layer_norm_epsilon", 1e-5),
                json.flag("scale_attn_weights", true),
                json.flag("scale_attn_by_inverse_layer_idx", false),
                json.flag("tie_word_embeddings", true),
                json.specialTokens(50256, 50256, null));
    }
}
