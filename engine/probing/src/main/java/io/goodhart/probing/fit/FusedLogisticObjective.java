package io.goodhart.probing.fit;

import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.Standardiser;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same function as {@link LogisticObjective}, made for speed: one sweep over the raw float32 rows, each of which is read for the
 * logit and, still in the cache, for the gradient. Standardisation is folded into vectors: w·z = (w/σ)·x − (w/σ)·μ and
 * Σ rᵢzᵢ = (Σ rᵢxᵢ − μ Σ rᵢ)/σ. All sums are in float64.
 *
 * <p>Rows are cut into a number of blocks that depends on n only; blocks run in parallel, and their sums are added in the order of
 * the rows. So the result is the same on any number of processors.
 */
final class FusedLogisticObjective implements TruncatedNewton.Objective {
    /** Rows whose multiples are added together: the sums are read and written once for all of them. */
    private static final int ROWS = 4;

    private static final int MAX_BLOCKS = 32;
    private static final int SMALLEST_BLOCK = 64;
    private static final long WORTH_THREADS = 1 << 18;

    private final float[] x;
    private final boolean[] labels;
    private final int n;
    private final int d;
    private final double[] mean;
    private final double[] scale;
    private final LogisticObjective.Penalty penalty;
    private final double[] curvatures;
    private final Block[] blocks;

    FusedLogisticObjective(LabelledActivations examples, Standardiser standardiser, LogisticObjective.Penalty penalty) {
        this.x = examples.activations().valuesND();
        this.labels = examples.labels();
        this.n = examples.n();
        this.d = standardiser.d();
        this.mean = standardiser.mean().toArray();
        this.scale = standardiser.scale().toArray();
        this.penalty = penalty;
        this.curvatures = new double[n];
        int size = Math.max(SMALLEST_BLOCK, Math.ceilDiv(n, MAX_BLOCKS));
        this.blocks = IntStream.range(0, Math.ceilDiv(n, size))
                .mapToObj(k -> new Block(k * size, Math.min(n, (k + 1) * size)))
                .toArray(Block[]::new);
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        double[] folded = new double[d];
        double foldedBias = fold(parameters, folded);
        Halves halves = new Halves(folded);
        each(block -> block.evaluate(halves, foldedBias));
        double value = 0;
        for (Block block : blocks) {
            value += block.loss;
        }
        for (int j = 0; j < d; j++) {
            value += 0.5 * parameters[j] * parameters[j];
        }
        unfold(parameters, gradient);
        return value;
    }

    /** (I₀ + C Σᵢ sᵢ·pᵢ(1 − pᵢ)·(zᵢ,1)(zᵢ,1)ᵀ)·v with pᵢ of the last evaluation; I₀ is the identity without the intercept. */
    @Override
    public void multiply(double[] v, double[] product) {
        double[] folded = new double[d];
        double foldedBias = fold(v, folded);
        Halves halves = new Halves(folded);
        each(block -> block.multiply(halves, foldedBias));
        unfold(v, product);
    }

    /** (w/σ, b − (w/σ)·μ). */
    private double fold(double[] parameters, double[] folded) {
        double foldedBias = parameters[d];
        for (int j = 0; j < d; j++) {
            folded[j] = parameters[j] / scale[j];
            foldedBias -= folded[j] * mean[j];
        }
        return foldedBias;
    }

    /** The penalty's part and the sums of all blocks, standardised. */
    private void unfold(double[] parameters, double[] out) {
        double total = 0;
        double[] sums = new double[d];
        for (Block block : blocks) {
            total += block.total;
            addTo(sums, block.sums);
        }
        for (int j = 0; j < d; j++) {
            out[j] = parameters[j] + (sums[j] - mean[j] * total) / scale[j];
        }
        out[d] = total;
    }

    private void each(Consumer<Block> work) {
        Stream<Block> all = Arrays.stream(blocks);
        ((long) n * d >= WORTH_THREADS ? all.parallel() : all).forEach(work);
    }

    /** The sums over some of the rows. */
    private final class Block {
        private final int from;
        private final int to;
        private final double[] sums = new double[d];
        private final double[] products = new double[d / 2];
        private final double[] factors = new double[ROWS];
        private double loss;
        private double total;

        Block(int from, int to) {
            this.from = from;
            this.to = to;
        }

        void evaluate(Halves folded, double foldedBias) {
            loss = 0;
            sweep(folded, foldedBias, (i, logit) -> {
                double weight = penalty.of(labels[i]);
                double p = FittedProbe.sigmoid(logit);
                loss += weight * LogisticObjective.softPlus(labels[i] ? -logit : logit);
                curvatures[i] = weight * p * (1 - p);
                return weight * (p - (labels[i] ? 1 : 0));
            });
        }

        void multiply(Halves folded, double foldedBias) {
            sweep(folded, foldedBias, (i, logit) -> curvatures[i] * logit);
        }

        /** Σ fᵢ·xᵢ and Σ fᵢ, f being a function of the row and its w·x + b. */
        private void sweep(Halves folded, double foldedBias, Factor factor) {
            Arrays.fill(sums, 0);
            total = 0;
            for (int first = from; first < to; first += ROWS) {
                int rows = Math.min(ROWS, to - first);
                for (int k = 0; k < rows; k++) {
                    int row = first + k;
                    factors[k] = factor.of(row, foldedBias + folded.dot(x, row * d, products));
                    total += factors[k];
                }
                if (rows == ROWS) {
                    addScaled(sums, factors, x, first * d);
                } else {
                    for (int k = 0; k < rows; k++) {
                        addScaled(sums, factors[k], x, (first + k) * d);
                    }
                }
            }
        }
    }

    private interface Factor {
        double of(int row, double logit);
    }

    /**
     * A vector in two halves, and what is left of an odd number. The compiler makes vector instructions of a loop that reads and writes
     * arrays of doubles only where all of them have the same index: hence halves, and one array that is written.
     */
    private static final class Halves {
        private final double[] low;
        private final double[] high;
        private final double last;

        Halves(double[] w) {
            int half = w.length / 2;
            this.low = Arrays.copyOf(w, half);
            this.high = Arrays.copyOfRange(w, half, 2 * half);
            this.last = w.length % 2 == 0 ? 0 : w[w.length - 1];
        }

        double dot(float[] x, int offset, double[] products) {
            multiply(low, high, x, offset, products);
            int half = low.length;
            double odd = last == 0 ? 0 : last * x[offset + 2 * half];
            return odd + sum(products);
        }

        private static void multiply(double[] low, double[] high, float[] x, int offset, double[] products) {
            int half = products.length;
            for (int k = 0; k < products.length; k++) {
                products[k] = low[k] * x[offset + k] + high[k] * x[offset + half + k];
            }
        }
    }

    /** Eight sums, so that an addition does not wait for the one before. */
    private static double sum(double[] v) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int whole = v.length / 8 * 8;
        for (int k = 0; k < whole; k += 8) {
            s0 += v[k];
            s1 += v[k + 1];
            s2 += v[k + 2];
            s3 += v[k + 3];
            s4 += v[k + 4];
            s5 += v[k + 5];
            s6 += v[k + 6];
            s7 += v[k + 7];
        }
        for (int k = whole; k < v.length; k++) {
            s0 += v[k];
        }
        return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
    }

    /** Four rows, one after the other in {@code x}. */
    private static void addScaled(double[] sums, double[] factors, float[] x, int offset) {
        double f0 = factors[0];
        double f1 = factors[1];
        double f2 = factors[2];
        double f3 = factors[3];
        int second = offset + sums.length;
        int third = second + sums.length;
        int fourth = third + sums.length;
        for (int j = 0; j < sums.length; j++) {
            sums[j] += f0 * x[offset + j] + f1 * x[second + j] + f2 * x[third + j] + f3 * x[fourth + j];
        }
    }

    private static void addScaled(double[] sums, double factor, float[] x, int offset) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += factor * x[offset + j];
        }
    }

    private static void addTo(double[] sums, double[] other) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += other[j];
        }
    }
}
