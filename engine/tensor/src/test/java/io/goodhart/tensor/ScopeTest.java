package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void aScopeFreesWhatWasMadeInIt() {
        long before = Scope.liveHandles();
        Tensor made;
        try (Scope _ = Scope.open()) {
            made = Tensors.ones(2).plus(Tensors.ones(2));
            assertThat(Scope.liveHandles()).isEqualTo(before + 3);
        }
        assertThat(made.isClosed()).isTrue();
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void keepMovesOneScopeOut() {
        Tensor unowned;
        try (Scope outer = Scope.open()) {
            Tensor kept;
            try (Scope inner = Scope.open()) {
                kept = inner.keep(Tensors.ones(2));
            }
            assertThat(kept.isClosed()).isFalse();
            unowned = outer.keep(kept);
        }
        assertThat(unowned.toFloats()).containsExactly(1, 1);
        unowned.close();
    }

    @Test
    void aStoreOutlivesScopesAndFreesOnClose() {
        long before = Scope.liveHandles();
        try (TensorStore store = new TensorStore()) {
            try (Scope _ = Scope.open()) {
                store.add("w", Tensors.ones(2));
                assertThatThrownBy(() -> store.add("w", Tensors.ones(2))).hasMessageContaining("already");
            }
            assertThat(store.get("w").toFloats()).containsExactly(1, 1);
            assertThat(store.names()).containsExactly("w");
            assertThatThrownBy(() -> store.get("b")).hasMessageContaining("b");
        }
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void handlesStayFlatOverTenTrainingSteps() {
        try (TensorStore store = new TensorStore()) {
            Tensor w = store.add("w", Numbers.floats(1, 7, 3)).requireGradient();
            Tensor targets = store.add("targets", Tensors.of(new long[] {3, 0, 6}));
            try (AdamW optimizer = new AdamW(Map.of("w", w), Set.of(), AdamWSettings.standard())) {
                long before = Scope.liveHandles();
                for (int step = 0; step < 10; step++) {
                    try (Scope _ = Scope.open()) {
                        trainingStep(w, targets, optimizer);
                    }
                    assertThat(Scope.liveHandles()).isEqualTo(before);
                }
            }
        }
        assertThat(ThreadState.current().deferred).hasSizeLessThanOrEqualTo(1);
    }

    private static void trainingStep(Tensor w, Tensor targets, AdamW optimizer) {
        optimizer.zeroGradients();
        try (Autograd.Mode _ = Autograd.recording()) {
            Tensor hidden = w.rows(targets).tanh();
            Tensor loss = Kernels.best()
                    .tokenLogProbs(hidden, VocabularyHead.of(w), targets, 2)
                    .mean()
                    .negated();
            Autograd.backward(loss);
        }
        new GradientClipping(1).apply(optimizer.parameters().values());
        optimizer.step(0.01);
        Tensor drawn = Kernels.best().sample(w.detached(), new Sampling(1, 2, 0.9), Tensors.zeros(7));
        assertThat(drawn.shape()).containsExactly(7);
    }

    @Test
    void scopesCloseInnermostFirst() {
        try (Scope outer = Scope.open()) {
            try (Scope _ = Scope.open()) {
                assertThatThrownBy(outer::close).hasMessageContaining("still open");
            }
        }
    }

    @Test
    void virtualThreadsAreRefused() throws InterruptedException {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        Scope.open().close();
                        failure.complete(new AssertionError("a virtual thread got a scope"));
                    } catch (IllegalStateException e) {
                        failure.complete(e);
                    }
                })
                .join();
        assertThat(failure.join()).hasMessageContaining("platform thread");
    }

    @Test
    void recordingIsOffOnEveryNewThread() throws InterruptedException {
        CompletableFuture<Boolean> recorded = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try (Scope _ = Scope.open()) {
                recorded.complete(Tensors.ones(2).requireGradient().scaled(2).requiresGradient());
            }
        });
        thread.join();
        assertThat(recorded.join()).isFalse();
    }

    @Test
    void aPreparedThreadComputesWithItsThreads() throws InterruptedException {
        CompletableFuture<Float> sum = new CompletableFuture<>();
        ComputeThread.start("compute", 2, Device.cpu(), () -> {
                    try (Scope _ = Scope.open()) {
                        sum.complete(Tensors.ones(64, 64)
                                .matMul(Tensors.ones(64, 64))
                                .sum()
                                .asFloat());
                    }
                })
                .join();
        assertThat(sum.join()).isEqualTo(64f * 64 * 64);
    }
}
