package io.goodhart.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryRunsTest {
    private static final int COUNT = 500;

    /** What allocator, compiler and collector may add: 250 kB a step. Live tensors are counted exactly. */
    private static final double NOISE_MB_PER_HUNDRED = 25;

    private final Path model = Fixtures.path("lm/gpt2");

    @BeforeEach
    void prepare() {
        assumeThat(ResidentMemory.isKnown()).isTrue();
        ComputeThread.prepare(1);
    }

    @Test
    void fiveHundredTrainingStepsLeaveMemoryFlat() throws IOException {
        assertFlat(MemoryRuns.training(model, COUNT));
    }

    @Test
    void fiveHundredGenerationBatchesLeaveMemoryFlat() throws IOException {
        assertFlat(MemoryRuns.generation(model, COUNT));
    }

    private static void assertFlat(Growth growth) {
        assertThat(growth.readings()).isEqualTo(COUNT);
        assertThat(growth.handlesGained()).as("live tensors gained").isZero();
        assertThat(growth.megabytesPerHundred())
                .as("megabytes per hundred, from %.0f to %.0f", growth.firstMegabytes(), growth.lastMegabytes())
                .isLessThan(NOISE_MB_PER_HUNDRED);
    }
}
