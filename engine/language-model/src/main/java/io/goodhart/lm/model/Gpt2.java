package io.goodhart.lm.model;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.block.Attention;
import io.goodhart.lm.block.Block;
import io.goodhart.lm.block.Linear;
import io.goodhart.lm.block.Mlp;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.Gpt2Config;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** GPT-2 from blocks. */
final class Gpt2 {
    private Gpt2() {}

    static Parts build(Gpt2Config config, Weights weights, AdapterSlot adapters) {
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "transformer.h.%d.".formatted(layer);
            double scale = (config.scaleByHead() ? 1 / Math.sqrt(config.dHead()) : 1)
                    / (config.scaleByLayer() ? layer + 1 : 1);
            Attention attention = new Attention(
                    new Attention.Projection.Fused(Linear.transposed(weights, name + "attn.c_attn", adapters)),
                    Linear.transposed(weights, name + "attn.c_proj", adapters),
                    config.heads(),
                    config.heads(),
                    config.dHead(),
                    scale,
                    0,
                    null,
                    null,
                    null);
            Mlp mlp = new Mlp(
                    null,
                    Linear.transposed(weights, name + "mlp.c_fc", adapters),
                    Linear.transposed(weights, name + "mlp.c_proj", adapters),
                    config.activation());
            Norm first = Norm.layer(weights, name + "ln_1", config.epsilon());
            Norm second = Norm.layer(weights, name + "ln_2", config.epsilon());
            blocks.add(new Block(first, attention, null, second, mlp, null));
        }
        Tensor embedding = weights.get("transformer.wte.weight");
        return new Parts(
                embedding,
                1,
                weights.get("transformer.wpe.weight"),
                blocks,
                Norm.layer(weights, "transformer.ln_f", config.epsilon()),
                config.tiedHead() ? embedding : weights.get("lm_head.weight"),
                List.of());
    }
}
