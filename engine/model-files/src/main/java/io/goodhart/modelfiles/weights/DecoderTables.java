package io.goodhart.modelfiles.weights;

import io.goodhart.modelfiles.config.Gemma3Config;
import io.goodhart.modelfiles.config.Gpt2Config;
import io.goodhart.modelfiles.config.LlamaConfig;
import io.goodhart.modelfiles.weights.WeightTable.Bias;
import java.util.regex.Pattern;

/** Tables of the causal language models. */
final class DecoderTables {
    private static final Pattern GPT2_BUFFERS =
            Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias|lm_head\\.weight");
    private static final Pattern ROTARY_BUFFERS =
            Pattern.compile("model\\.(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
    private static final Pattern TIED_ROTARY_BUFFERS = Pattern.compile(ROTARY_BUFFERS.pattern() + "|lm_head\\.weight");

    private DecoderTables() {}

    static WeightTable gpt2(Gpt2Config config) {
        long d = config.dModel();
        WeightTable table = new WeightTable("transformer.", GPT2_BUFFERS);
        table.plain("transformer.wte.weight", config.vocabulary(), d);
        table.plain("transformer.wpe.weight", config.context(), d);
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "transformer.h.%d.".formatted(layer);
            table.layerNorm(block + "ln_1", d)
                    .transposedLinear(block + "attn.c_attn", d, 3 * d)
                    .transposedLinear(block + "attn.c_proj", d, d)
                    .layerNorm(block + "ln_2", d)
                    .transposedLinear(block + "mlp.c_fc", d, config.dMlp())
                    .transposedLinear(block + "mlp.c_proj", config.dMlp(), d);
        }
        table.layerNorm("transformer.ln_f", d);
        return config.tiedHead() ? table : table.head("lm_head.weight", config.vocabulary(), d);
    }

    static WeightTable gemma3(Gemma3Config config) {
        long d = config.dModel();
        long k = config.dHead();
        WeightTable table = new WeightTable("", config.tiedHead() ? TIED_ROTARY_BUFFERS : ROTARY_BUFFERS);
        table.plain("model.embed_tokens.weight", config.vocabulary(), d);
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "model.layers.%d.".formatted(layer);
            table.plain(block + "input_layernorm.weight", d);
            attention(table, block, d, config.heads() * k, config.keyValueHeads() * k, config.attentionBias());
            table.plain(block + "self_attn.q_norm.weight", k)
                    .plain(block + "self_attn.k_norm.weight", k)
                    .plain(block + "post_attention_layernorm.weight", d)
                    .plain(block + "pre_feedforward_layernorm.weight", d);
            gatedMlp(table, block, d, config.dMlp(), false);
            table.plain(block + "post_feedforward_layernorm.weight", d);
        }
        table.plain("model.norm.weight", d);
        return config.tiedHead() ? table : table.head("lm_head.weight", config.vocabulary(), d);
    }

    static WeightTable llama(LlamaConfig config) {
        long d = config.dModel();
        long k = config.dHead();
        WeightTable table = new WeightTable("", config.tiedHead() ? TIED_ROTARY_BUFFERS : ROTARY_BUFFERS);
        table.plain("model.embed_tokens.weight", config.vocabulary(), d);
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "model.layers.%d.".formatted(layer);
            table.plain(block + "input_layernorm.weight", d);
            attention(table, block, d, config.heads() * k, config.keyValueHeads() * k, config.attentionBias());
            table.plain(block + "post_attention_layernorm.weight", d);
            gatedMlp(table, block, d, config.dMlp(), config.mlpBias());
        }
        table.plain("model.norm.weight", d);
        return config.tiedHead() ? table : table.head("lm_head.weight", config.vocabulary(), d);
    }

    private static void attention(
            WeightTable table, String block, long d, long queries, long keyValues, boolean biased) {
        Bias bias = Bias.when(biased);
        table.linear(block + "self_attn.q_proj", queries, d, bias)
                .linear(block + "self_attn.k_proj", keyValues, d, bias)
                .linear(block + "self_attn.v_proj", keyValues, d, bias)
                .linear(block + "self_attn.o_proj", d, queries, bias);
    }

    private static void gatedMlp(WeightTable table, String block, long d, long f, boolean biased) {
        Bias bias = Bias.when(biased);
        table.linear(block + "mlp.gate_proj", f, d, bias)
                .linear(block + "mlp.up_proj", f, d, bias)
                .linear(block + "mlp.down_proj", d, f, bias);
    }
}
