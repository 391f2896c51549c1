package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.validate.TaskMemory.Batch;
import io.goodhart.domain.validate.TaskMemory.Graph;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** D = 10, F = 100, H = 6 heads of K = 4, two heads of keys, three layers. */
class BlockMemoryTest {
    private static final int D = 10;
    private static final int F = 100;
    private static final int Q = 24;
    private static final int G = 8;
    private static final List<Integer> WINDOWS = List.of(16, 0, 16);

    /** GPT-2: six results as wide as the model, up and activation, queries three times and keys and values. */
    @Test
    void plainBlockHasFewResults() {
        BlockFacts plain = BlockFacts.plain(3);
        assertThat(of(plain, 6).results()).isEqualTo(6 * D + 2 * F + 3 * Q + 2 * Q);
        assertThat(of(plain, 6).normalised()).isZero();
    }

    /** Llama: a gate, a rotation of queries and keys in four results each, and two copies of keys for all queries. */
    @Test
    void gatedBlockTurnsAndRepeatsKeys() {
        assertThat(of(BlockFacts.gated(3, 4), 2).results()).isEqualTo(6 * D + 4 * F + (3 + 4 + 2) * Q + (2 + 4) * G);
        assertThat(of(BlockFacts.gated(3, 4), 2).normalised()).isEqualTo(2 * D);
    }

    /** One head of keys is seen by all queries without a copy. */
    @Test
    void singleHeadOfKeysIsNotRepeated() {
        assertThat(of(BlockFacts.gated(3, 4), 1).results()).isEqualTo(6 * D + 4 * F + (3 + 4) * Q + (2 + 4) * 4);
    }

    /** GPT-NeoX: all three parts are copied apart, half a head is turned and put beside the other half. */
    @Test
    void partlyTurnedHeadsArePutTogetherAgain() {
        BlockFacts block = new BlockFacts(2, false, 2, false, true, false, Collections.nCopies(3, 0));
        assertThat(of(block, 6).results()).isEqualTo(6 * D + 2 * F + (3 + 1 + 2 + 1) * Q + (2 + 2 + 2 + 1) * Q);
    }

    /** Gemma 3: four norms of the stream, and norms of queries and keys. */
    @Test
    void normsCountOnceAndOnceMoreWhereTheirWeightsAreTrained() {
        BlockFacts block = new BlockFacts(4, true, 4, true, false, false, WINDOWS);
        assertThat(of(block, 2).results())
                .isEqualTo(of(BlockFacts.gated(3, 4), 2).results() + 2 * D + Q + G);
        assertThat(of(block, 2).normalised()).isEqualTo(4 * D + Q + G);
    }

    @Test
    void scoresExistWhereTheyAreCapped() {
        assertThat(of(BlockFacts.gated(3, 4), 2).keptScores(50)).isZero();
        BlockMemory capped = of(new BlockFacts(2, false, 4, true, false, true, WINDOWS), 2);
        assertThat(capped.keptScores(50)).isEqualTo(2 * 6 * 50);
        assertThat(capped.passingScores(50)).isEqualTo(2 * 6 * 50);
    }

    @Test
    void masksAreMadeForWindowsForksAndCaps() {
        Batch texts = Batch.ofTexts(5, 50);
        Batch pairs = Batch.ofPairs(5, 10, 20);
        long square = 50 * 50;
        BlockMemory causal = of(BlockFacts.gated(3, 4), 2);
        assertThat(causal.masks(Graph.WHOLE, texts)).isZero();
        assertThat(causal.masks(Graph.WHOLE, pairs)).isEqualTo(5 * square * (1 + 3 * 4));
        assertThat(causal.masks(Graph.CHECKPOINTED, pairs)).isEqualTo(5 * square * (1 + 4));
        BlockMemory windowed = of(new BlockFacts(2, false, 4, true, false, false, WINDOWS), 2);
        assertThat(windowed.masks(Graph.WHOLE, texts)).isEqualTo(5 * square * (1 + 2 * 4));
        assertThat(windowed.masks(Graph.WHOLE, texts.alike())).isEqualTo(square * (1 + 2 * 4));
        assertThat(windowed.masks(Graph.WHOLE, pairs)).isEqualTo(5 * square * (2 + 3 * 4));
        assertThat(windowed.masks(Graph.WHOLE, Batch.ofTexts(5, 16))).isZero();
        BlockMemory capped = of(new BlockFacts(2, false, 4, true, false, true, WINDOWS), 2);
        assertThat(capped.masks(Graph.WHOLE, texts)).isEqualTo(5 * square * (2 + 3));
    }

    private static BlockMemory of(BlockFacts block, int keyValueHeads) {
        return BlockMemory.of(new ModelFacts(
                new ModelRevision("model", "0".repeat(64)),
                "family",
                ModelFacts.Task.LANGUAGE_MODEL,
                3,
                D,
                F,
                6,
                keyValueHeads,
                4,
                100,
                256,
                1000,
                List.of(),
                List.of(),
                List.of(),
                block));
    }
}
