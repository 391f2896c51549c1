package io.goodhart.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

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

        /**
         * Fails unless everything passed.
         *
         * @throws IllegalStateException naming the checks that failed
         */
        public void requirePassed() {
            if (!passed()) {
                List<Check> failed =
                        checks.stream().filter(check -> !check.passed()).toList();
                throw new IllegalStateException(
                        "This libtorch computes wrong numbers: " + failed + ", engine " + engineVersion);
            }
        }
    }

    /** Runs every check on the current thread and its device. */
    public static Report run() {
        List<Check> checks = new ArrayList<>();
        try (Scope _ = Scope.open()) {
            checks.add(scalarGradient());
            checks.add(attention());
            checks.add(adamW());
            checks.add(rmsNorm());
            checks.addAll(tokenLogProbs());
            checks.add(sample());
        }
        return new Report(ComputeThread.engineVersion(), checks);
    }

    /** ∂/∂x Σ 3·x² = 6·x, with the number 3 meeting the graph. */
    private static Check scalarGradient() {
        Tensor x = Tensors.of(new float[] {1, -2, 0.5f}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Autograd.backward(x.square().scaled(3).sum());
        }
        return check("scalar gradient", gradientOf(x), Tensors.of(new float[] {6, -12, 3}));
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

    private static Check rmsNorm() {
        Tensor x = wave(2, 4);
        Tensor weightD = Tensors.of(new float[] {1, -2, 0.5f, 3});
        return check(
                "RMS norm",
                Kernels.best().rmsNorm(x, weightD, 1e-6),
                Kernels.reference().rmsNorm(x, weightD, 1e-6));
    }

    /** Values and both gradients, made in chunks of two rows, against the whole logits. */
    private static List<Check> tokenLogProbs() {
        Tensor targetsN = Tensors.of(new long[] {0, 4, 2});
        List<Tensor> chunked = scored((hiddenND, unembeddingVD) ->
                Kernels.best().tokenLogProbs(hiddenND, VocabularyHead.of(unembeddingVD), targetsN, 2));
        List<Tensor> whole = scored((hiddenND, unembeddingVD) -> hiddenND.matMul(unembeddingVD.transpose(0, 1))
                .logSoftmax(-1)
                .gather(1, targetsN.unsqueeze(1))
                .squeeze(1));
        return List.of(
                check("log-probabilities", chunked.get(0), whole.get(0)),
                check("log-probabilities' gradient in rows", chunked.get(1), whole.get(1)),
                check("log-probabilities' gradient in weights", chunked.get(2), whole.get(2)));
    }

    private static List<Tensor> scored(BinaryOperator<Tensor> logProbs) {
        Tensor hiddenND = wave(3, 4).requireGradient();
        Tensor unembeddingVD = wave(5, 4).cos().requireGradient();
        Tensor logProbsN;
        try (Autograd.Mode _ = Autograd.recording()) {
            logProbsN = logProbs.apply(hiddenND, unembeddingVD);
            Autograd.backward(
                    logProbsN.times(Tensors.of(new float[] {1, -2, 0.5f})).sum());
        }
        return List.of(logProbsN.detached(), gradientOf(hiddenND), gradientOf(unembeddingVD));
    }

    /** Rows of different shape, each drawn at another place of its distribution, with top-k and top-p at work. */
    private static Check sample() {
        Tensor logitsBV = wave(3, 8).scaled(3);
        Tensor uniformsB = Tensors.of(new double[] {0.1, 0.5, 0.95});
        Sampling sampling = new Sampling(0.7, 6, 0.9);
        return check(
                "sampling",
                Kernels.best().sample(logitsBV, sampling, uniformsB).to(DataType.FLOAT64),
                Kernels.reference().sample(logitsBV, sampling, uniformsB).to(DataType.FLOAT64));
    }

    /** Numbers without symmetry. */
    private static Tensor wave(long... shape) {
        return Tensors.arange(Transfer.elements(shape))
                .to(DataType.FLOAT32)
                .scaled(0.7)
                .sin()
                .reshape(shape);
    }

    private static Tensor gradientOf(Tensor leaf) {
        Tensor gradient = leaf.gradient();
        return gradient == null ? Tensors.full(leaf.type(), Double.NaN, leaf.shape()) : gradient;
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
