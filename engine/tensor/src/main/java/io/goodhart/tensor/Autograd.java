package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMemory;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reverse-mode differentiation. Recording is off until asked for, per thread:
 *
 * <pre>{@code
 * try (var step = Scope.open(); var recording = Autograd.recording()) {
 *     Tensor loss = objective(weights);
 *     Autograd.backward(loss);
 * }
 * }</pre>
 *
 * Gradients add up in {@link Tensor#gradient()} of the leaves until {@link Tensor#zeroGradient()}.
 */
public final class Autograd {
    private Autograd() {}

    /** A change of the thread's recording mode; closing it restores the mode before. */
    public static final class Mode implements AutoCloseable {
        private final ThreadState state;
        private final boolean before;

        private Mode(boolean enabled) {
            state = ThreadState.current();
            before = state.recording;
            state.record(enabled);
        }

        @Override
        public void close() {
            if (state != ThreadState.current()) {
                throw new IllegalStateException("The recording mode belongs to another thread");
            }
            state.record(before);
        }
    }

    /** Records operations on tensors that require a gradient, until closed. */
    public static Mode recording() {
        return new Mode(true);
    }

    /** Computes without recording, until closed. */
    public static Mode paused() {
        return new Mode(false);
    }

    public static boolean isRecording() {
        return ThreadState.current().recording;
    }

    /** Adds ∂loss/∂leaf to the gradient of every leaf. The graph is used up. */
    public static void backward(Tensor loss) {
        if (loss.elements() != 1) {
            throw new ShapeMismatchException("backward needs one number, got " + loss);
        }
        backward(loss, Scalars.of(1, loss.type(), loss.device()).expand(loss.shape()));
    }

    /**
     * Vector-Jacobian product: adds Σ_i upstream_i · ∂y_i/∂leaf to the gradient of every leaf. The graph is used up.
     *
     * @param upstream ∂L/∂y, of y's shape
     */
    public static void backward(Tensor y, Tensor upstream) {
        if (!Arrays.equals(y.shape(), upstream.shape())) {
            throw new ShapeMismatchException("The upstream gradient must have the shape of " + y + ", got " + upstream);
        }
        if (!y.requiresGradient()) {
            throw new IllegalStateException("Nothing was recorded for " + y);
        }
        ThreadState state = ThreadState.current();
        List<DeferredGradient> deferred = state.deferred;
        deferred.removeIf(node -> node.output().isClosed());
        boolean keepGraph = deferred.stream().anyMatch(DeferredGradient::sharesGraph);
        try (Mode _ = paused()) {
            TorchMemory.backward(y.handle(), upstream.handle(), keepGraph, false);
            for (int i = deferred.size() - 1; i >= 0; i--) {
                Tensor gradient = deferred.get(i).output().gradient();
                if (gradient != null) {
                    Consumer<Tensor> action = deferred.remove(i).action();
                    action.accept(gradient);
                }
            }
        }
    }

    /** Registers work for the next backward pass that reaches {@code output}, a leaf that requires a gradient. */
    static void defer(Tensor output, boolean sharesGraph, Consumer<Tensor> action) {
        List<DeferredGradient> deferred = ThreadState.current().deferred;
        deferred.removeIf(node -> node.output().isClosed());
        deferred.add(new DeferredGradient(output, sharesGraph, action));
    }

    /** Adds {@code gradient} to a tensor's gradient: to a leaf at once, else through the graph that made it. */
    static void accumulate(Tensor input, Tensor gradient) {
        if (input.requiresGradient()) {
            TorchMemory.backward(input.handle(), gradient.handle(), !input.isLeaf(), false);
        }
    }
}
