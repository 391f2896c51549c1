package io.goodhart.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Start-up check that this libtorch computes what the engine relies on. Takes some milliseconds. */
public final class SelfTest {
    private static final double TOLERANCE = 1e-5;

    private SelfTest() {}

    /**
     * One compared number.
     *
     * @param name what was compared
     * @param error greatest absolute difference from the expected value
     * @param tolerance greatest accepted difference
     */
    public record Check(String name, double error, double tolerance) {
        public boolean passed() {
            return error <= tolerance; // false for NaN
        }
    }

    /**
     * The outcome.
     *
     * @param engineVersion version of the engine
     * @param checks every comparison made
     */
    public record Report(String engineVersion, List<Check> checks) {
        public Report {
            checks = List.copyOf(checks);
        }

        public boolean passed() {
            return checks.stream().allMatch(Check::passed);
        }
    }

    /** Runs every check on the current thread and its device. */
    public static Report run() {
        List<Check> checks = new ArrayList<>();
        try (Scope _ = Scope.open()) {
            checks.add(scalarGradient());
            checks.add(attention());
            checks.add(adamW());
        }
        return new Report(ComputeThread.engineVersion(), checks);
    }

    /** ∂/∂x Σ 3·x² = 6·x, with the number 3 meeting the graph. */
    private static Check scalarGradient() {
        Tensor x = Tensors.of(new float[] {1, -2, 0.5f}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Autograd.backward(x.square().scaled(3).sum());
        }
        Tensor gradient = x.gradient();
        Tensor expected = Tensors.of(new float[] {6, -12, 3});
        return check(
                "scalar gradient",
                gradient == null ? Tensors.full(DataType.FLOAT32, Double.NaN, 3) : gradient,
                expected);
    }

    private static Check attention() {
        Tensor q = Tensors.arange(24).to(DataType.FLOAT32).scaled(0.1).sin().reshape(1, 2, 3, 4);
        Tensor k = q.shifted(0.3).cos();
        Tensor v = q.scaled(2).shifted(-0.5);
        return check(
                "attention",
                Kernels.best().causalAttention(q, k, v, 0.5),
                Kernels.reference().causalAttention(q, k, v, 0.5));
    }

    private static Check adamW() {
        Tensor fast = updated(Kernels.best());
        Tensor reference = updated(Kernels.reference());
        return check("AdamW", fast, reference);
    }

    private static Tensor updated(Kernels kernels) {
        Tensor x = Tensors.of(new float[] {1, -2, 0.5f}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Autograd.backward(x.square().sum());
        }
        AdamWSettings settings = AdamWSettings.standard().withWeightDecay(0.1);
        try (AdamW optimizer = new AdamW(Map.of("x", x), Set.of(), settings, kernels)) {
            optimizer.step(0.1);
        }
        return x.detached();
    }

    private static Check check(String name, Tensor actual, Tensor expected) {
        Tensor difference = actual.minus(expected).abs().reshape(-1).max(0);
        return new Check(name, difference.asDouble(), TOLERANCE);
    }
}
