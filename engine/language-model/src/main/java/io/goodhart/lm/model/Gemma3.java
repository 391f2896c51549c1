package io.goodhart.lm.model;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.block.Attention;
import io.goodhart.lm.block.Block;
import io.goodhart.lm.block.Linear;
import io.goodhart.lm.block.Mlp;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.block.Rotary;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.Gemma3Config;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Gemma 3 (text) from blocks. */
final class Gemma3 {
    private Gemma3() {}

    static Parts build(Gemma3Config config, Weights weights, AdapterSlot adapters) {
        Rotary local = new Rotary(config.dHead(), config.localRopeBase());
        Rotary global = new Rotary(config.dHead(), config.globalRopeBase());
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "model.layers.%d.".formatted(layer);
            boolean sliding = config.slidingLayers().get(layer);
            Attention attention = new Attention(
                    new Attention.Projection.Separate(
                            Linear.of(weights, name + "self_attn.q_proj", adapters),
                            Linear.of(weights, name + "self_attn.k_proj", adapters),
                            Linear.of(weights, name + "self_attn.v_proj", adapters)),
                    Linear.of(weights, name + "self_attn.o_proj", adapters),
                    config.heads(),
                    config.keyValueHeads(),
                    config.dHead(),
                    1 / Math.sqrt(config.queryScalar()),
                    sliding ? config.window() : 0,
                    norm(config, weights, name + "self_attn.q_norm"),
                    norm(config, weights, name + "self_attn.k_norm"),
                    sliding ? local : global);
            Mlp mlp = new Mlp(
                    Linear.of(weights, name + "mlp.gate_proj", adapters),
                    Linear.of(weights, name + "mlp.up_proj", adapters),
                    Linear.of(weights, name + "mlp.down_proj", adapters),
                    config.activation());
            blocks.add(new Block(
                    norm(config, weights, name + "input_layernorm"),
                    attention,
                    norm(config, weights, name + "post_attention_layernorm"),
                    norm(config, weights, name + "pre_feedforward_layernorm"),
                    mlp,
                    norm(config, weights, name + "post_feedforward_layernorm")));
        }
        Tensor embedding = weights.get("model.embed_tokens.weight");
        return new Parts(
                embedding,
                (float) Math.sqrt(config.dModel()),
                null,
                blocks,
                norm(config, weights, "model.norm"),
                config.tiedHead() ? embedding : weights.get("lm_head.weight"),
                List.of(local, global));
    }

    private static Norm norm(Gemma3Config config, Weights weights, String module) {
        return Norm.shiftedRootMeanSquare(weights, module, config.epsilon());
    }
}
