package io.goodhart.lm.model;

import io.goodhart.lm.block.Attention;
import io.goodhart.lm.block.Block;
import io.goodhart.lm.block.Modules;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.block.Rotary;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A decoder put together.
 *
 * @param embeddingVD token embedding
 * @param embeddingScale what it is multiplied by
 * @param positionsCD learned positions, added to the embedding; null: none
 * @param headVD vocabulary projection; the token embedding if tied
 * @param rotaries rotary positions that the blocks use; blocks with the same settings share one
 */
record Parts(
        Tensor embeddingVD,
        double embeddingScale,
        @Nullable Tensor positionsCD,
        List<Block> blocks,
        Norm finalNorm,
        Tensor headVD,
        Collection<Rotary> rotaries) {
    Parts {
        blocks = List.copyOf(blocks);
        rotaries = List.copyOf(rotaries);
    }

    static Parts of(DecoderConfig config, Modules modules) {
        Map<Rope, Rotary> rotaries = new LinkedHashMap<>();
        List<Block> blocks = new ArrayList<>();
        for (BlockLayout layout : config.blocks()) {
            Rope rope = layout.attention().rope();
            Rotary rotary = rope == null ? null : rotaries.computeIfAbsent(rope, Rotary::new);
            Attention attention = Attention.of(layout.attention(), config.sizes(), modules, rotary);
            blocks.add(Block.of(layout, attention, modules));
        }
        DecoderConfig.Embedding embedding = config.embedding();
        Tensor embeddingVD = modules.weights().get(embedding.tokens());
        return new Parts(
                embeddingVD,
                embedding.scale(),
                embedding.positions() == null ? null : modules.weights().get(embedding.positions()),
                blocks,
                modules.norm(config.finalNorm()),
                config.tiedHead()
                        ? embeddingVD
                        : modules.weights().get(config.head().weight()),
                rotaries.values());
    }

    /** What becomes of scores in the attentions; each way once. */
    Set<Scores> scores() {
        Set<Scores> scores = new LinkedHashSet<>();
        blocks.forEach(block -> scores.add(block.attention().scores()));
        return scores;
    }
}
