package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
        forgetClosed(state);
        boolean keepGraph = Stream.concat(state.checkpoints.stream(), state.deferred.stream())
                .anyMatch(DeferredGradient::sharesGraph);
        try (Mode _ = paused()) {
            TorchMemory.backward(y.handle(), upstream.handle(), keepGraph, false);
            runFromTheLast(state.checkpoints);
            runFromTheLast(state.deferred); // behind every block: a tied W_U gets its sums in the order of a plain pass
        }
    }

    private static void runFromTheLast(List<DeferredGradient> nodes) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Tensor gradient = nodes.get(i).output().gradient();
            if (gradient != null) {
                Consumer<Tensor> action = nodes.remove(i).action();
                action.accept(gradient);
            }
        }
    }

    /**
     * Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): f(x) without a graph of f; the next backward pass that reaches the
     * result computes f(x) once more to differentiate it, and closes the result. Values and gradients are those of f(x) itself, bit by
     * bit as long as no two checkpointed functions share a leaf. While nothing is recorded it is f(x) and no more.
     *
     * @param x must stay open until the backward pass, like all that {@code function} reads
     * @param function f: keeps the shape of x, gives the same both times, and neither projects on the vocabulary nor has checkpoints of its own
     * @return a leaf of the current scope
     */
    public static Tensor checkpointed(Tensor x, UnaryOperator<Tensor> function) {
        if (!isRecording()) {
            return function.apply(x);
        }
        ThreadState state = ThreadState.current();
        forgetClosed(state);
        Tensor y =
                Tensors.zerosLike(x); // made before f's own results, so that these leave no holes between what is kept
        try (Scope _ = Scope.open();
                Mode _ = paused()) {
            y.copyFrom(function.apply(x));
        }
        y.requireGradient();
        boolean sharesGraph = x.requiresGradient() && !x.isLeaf();
        state.checkpoints.add(new DeferredGradient(y, sharesGraph, upstream -> {
            recompute(x, function, upstream);
            y.close();
        }));
        return y;
    }

    private static void recompute(Tensor x, UnaryOperator<Tensor> function, Tensor upstream) {
        ThreadState state = ThreadState.current();
        int nodes = state.deferred.size() + state.checkpoints.size();
        try (Scope _ = Scope.open()) {
            boolean passesOn = x.requiresGradient();
            Tensor input = passesOn ? x.detached().requireGradient() : x;
            Tensor y;
            try (Scope inner = Scope.open();
                    Mode _ = recording()) {
                y = inner.keep(function.apply(input));
            }
            if (nodes != state.deferred.size() + state.checkpoints.size()) {
                throw new IllegalStateException("A checkpointed function must not defer gradients itself");
            }
            if (!y.requiresGradient()) {
                return;
            }
            Tensor present = x.isLeaf() ? x.gradient() : null;
            if (present == null) {
                TorchMemory.backward(y.handle(), upstream.handle(), false, false);
            } else {
                backwardFromBoth(y, upstream, input, present);
            }
            if (passesOn) {
                passOn(x, present, Objects.requireNonNull(input.gradient()));
            }
        }
    }

    /**
     * Backward from y and x at once: whatever else has read x (a probe behind a block, say) comes first in the sum of x's gradients, as it
     * does in a plain pass.
     */
    private static void backwardFromBoth(Tensor y, Tensor upstream, Tensor x, Tensor present) {
        try (Mode _ = recording()) {
            Tensor both = Tensors.concat(0, y.reshape(-1), x.reshape(-1));
            Tensor gradients = Tensors.concat(0, upstream.reshape(-1), present.reshape(-1));
            TorchMemory.backward(both.handle(), gradients.handle(), false, false);
        }
    }

    private static void passOn(Tensor x, @Nullable Tensor present, Tensor gradient) {
        if (present == null) {
            accumulate(x, gradient);
        } else {
            present.copyFrom(gradient);
        }
    }

    /** Registers work for the next backward pass that reaches {@code output}, a leaf that requires a gradient. */
    static void defer(Tensor output, boolean sharesGraph, Consumer<Tensor> action) {
        ThreadState state = ThreadState.current();
        forgetClosed(state);
        state.deferred.add(new DeferredGradient(output, sharesGraph, action));
    }

    private static void forgetClosed(ThreadState state) {
        state.checkpoints.removeIf(node -> node.output().isClosed());
        state.deferred.removeIf(node -> node.output().isClosed());
    }

    /** Adds {@code gradient} to a tensor's gradient: to a leaf at once, else through the graph that made it. */
    static void accumulate(Tensor input, Tensor gradient) {
        if (input.requiresGradient()) {
            TorchMemory.backward(input.handle(), gradient.handle(), !input.isLeaf(), false);
        }
    }
}
