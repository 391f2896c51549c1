package io.goodhart.lm.model;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.block.Attention;
import io.goodhart.lm.block.Block;
import io.goodhart.lm.block.Linear;
import io.goodhart.lm.block.Mlp;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.block.Rotary;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.LlamaConfig;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Llama from blocks. */
final class Llama {
    private Llama() {}

    static Parts build(LlamaConfig config, Weights weights, AdapterSlot adapters) {
        Rotary rotary = new Rotary(config.dHead(), config.ropeBase());
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "model.layers.%d.".formatted(layer);
            Attention attention = new Attention(
                    new Attention.Projection.Separate(
                            Linear.of(weights, name + "self_attn.q_proj", adapters),
                            Linear.of(weights, name + "self_attn.k_proj", adapters),
                            Linear.of(weights, name + "self_attn.v_proj", adapters)),
                    Linear.of(weights, name + "self_attn.o_proj", adapters),
                    config.heads(),
                    config.keyValueHeads(),
                    config.dHead(),
                    1 / Math.sqrt(config.dHead()),
                    0,
                    null,
                    null,
                    rotary);
            Mlp mlp = new Mlp(
                    Linear.of(weights, name + "mlp.gate_proj", adapters),
                    Linear.of(weights, name + "mlp.up_proj", adapters),
                    Linear.of(weights, name + "mlp.down_proj", adapters),
                    config.activation());
            Norm first = Norm.rootMeanSquare(weights, name + "input_layernorm", config.epsilon());
            Norm second = Norm.rootMeanSquare(weights, name + "post_attention_layernorm", config.epsilon());
            blocks.add(new Block(first, attention, null, second, mlp, null));
        }
        Tensor embedding = weights.get("model.embed_tokens.weight");
        return new Parts(
                embedding,
                1,
                null,
                blocks,
                Norm.rootMeanSquare(weights, "model.norm", config.epsilon()),
                config.tiedHead() ? embedding : weights.get("lm_head.weight"),
                List.of(rotary));
    }
}
