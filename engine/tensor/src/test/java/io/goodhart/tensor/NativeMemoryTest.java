package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    private static final long FOUR_PEBI = 1L << 50;

    @Test
    void anOversizedAllocationIsRecognisedAndSurvived() {
        Throwable failure = catchThrowable(() -> Tensors.zeros(FOUR_PEBI).close());
        assertThat(NativeMemory.isExhausted(failure)).as("%s", failure).isTrue();
        assertThat(NativeMemory.isExhausted(new IllegalStateException("job failed", failure)))
                .isTrue();
        try (Scope _ = Scope.open()) {
            assertThat(Tensors.ones(3).sum().asFloat()).isEqualTo(3);
        }
    }

    @Test
    void otherFailuresAreNot() {
        try (Scope _ = Scope.open()) {
            Throwable failure = catchThrowable(() -> Tensors.ones(2, 3).matMul(Tensors.ones(2, 3)));
            assertThat(failure).isNotNull();
            assertThat(NativeMemory.isExhausted(failure)).isFalse();
        }
        assertThat(NativeMemory.isExhausted(null)).isFalse();
    }
}
