package io.goodhart.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counted by hand: two layers, D 24, F 40, 4 heads of 8, 2 for keys and values, V 40, windows of 4. */
class ModelFlopsTest {
    private static final int PROJECTIONS = 24 * 32 + 2 * 24 * 16 + 32 * 24;
    private static final int MLP = 3 * 24 * 40;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    @Test
    void aSlidingLayerPaysForTheKeysInItsWindow() throws IOException {
        try (DecoderModel mistral = DecoderModel.load(Fixtures.path("lm/small/mistral"))) {
            int keys = 1 + 2 + 3 + 4 * (10 - 3); // of 10 tokens
            double layer = 10 * 2.0 * (PROJECTIONS + MLP) + 4.0 * 4 * 8 * keys;
            assertThat(new ModelFlops(mistral, null).forward(3, 10, 6)).isEqualTo(3 * (2 * layer + 6 * 2.0 * 24 * 40));
        }
    }

    @Test
    void aFullLayerPaysForAllKeysBeforeAToken() throws IOException {
        try (DecoderModel qwen = DecoderModel.load(Fixtures.path("lm/small/qwen2-sliding"))) {
            int heads = qwen.config().heads() * qwen.config().dHead();
            double linear = new ModelFlops(qwen, null).forward(1, 1, 0) - 2 * 4.0 * heads;
            double full = 4.0 * heads * (10 * 11 / 2.0);
            double sliding = 4.0 * heads * (1 + 2 + 3 + 4 * 7);
            assertThat(new ModelFlops(qwen, null).forward(1, 10, 0)).isEqualTo(10 * linear + full + sliding);
        }
    }

    @Test
    void trainingIsThreeForwardPassesOrTwoAndTheAdapter() throws IOException {
        try (DecoderModel mistral = DecoderModel.load(Fixtures.path("lm/small/mistral"));
                LoraAdapter adapter =
                        LoraAdapter.create(mistral.table(), new LoraSettings(2, 4, false, List.of("q_proj")), 1)) {
            double forward = new ModelFlops(mistral, null).forward(2, 7, 3);
            assertThat(new ModelFlops(mistral, null).training(2, 7, 3)).isEqualTo(3 * forward);
            double ofAdapter = 2 * 7 * 2.0 * 2 * 2 * (32 + 24);
            assertThat(new ModelFlops(mistral, adapter).training(2, 7, 3)).isEqualTo(2 * forward + 3 * ofAdapter);
        }
    }
}
