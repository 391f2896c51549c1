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
    /** Independent sums of a dot product: element-wise work that the compiler turns into vector instructions. */
    private static final int LANES = 256;

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
        each(block -> block.evaluate(folded, foldedBias));
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
        each(block -> block.multiply(folded, foldedBias));
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
        private final double[] lanes = new double[LANES];
        private double loss;
        private double total;

        Block(int from, int to) {
            this.from = from;
            this.to = to;
        }

        void evaluate(double[] folded, double foldedBias) {
            loss = 0;
            sweep(folded, foldedBias, (i, logit) -> {
                double weight = penalty.of(labels[i]);
                double p = FittedProbe.sigmoid(logit);
                loss += weight * LogisticObjective.softPlus(labels[i] ? -logit : logit);
                curvatures[i] = weight * p * (1 - p);
                return weight * (p - (labels[i] ? 1 : 0));
            });
        }

        void multiply(double[] folded, double foldedBias) {
            sweep(folded, foldedBias, (i, logit) -> curvatures[i] * logit);
        }

        /** Σ fᵢ·xᵢ and Σ fᵢ, f being a function of the row and its w·x + b. */
        private void sweep(double[] folded, double foldedBias, Factor factor) {
            Arrays.fill(sums, 0);
            total = 0;
            for (int i = from; i < to; i++) {
                double one = factor.of(i, foldedBias + dot(folded, x, i * d, lanes));
                total += one;
                addScaled(sums, one, x, i * d);
            }
        }
    }

    private interface Factor {
        double of(int row, double logit);
    }

    private static double dot(double[] w, float[] x, int offset, double[] lanes) {
        Arrays.fill(lanes, 0);
        int whole = w.length / LANES * LANES;
        for (int start = 0; start < whole; start += LANES) {
            for (int k = 0; k < LANES; k++) {
                lanes[k] += w[start + k] * x[offset + start + k];
            }
        }
        for (int k = 0; k < w.length - whole; k++) {
            lanes[k] += w[whole + k] * x[offset + whole + k];
        }
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (int k = 0; k < LANES; k += 4) {
            s0 += lanes[k];
            s1 += lanes[k + 1];
            s2 += lanes[k + 2];
            s3 += lanes[k + 3];
        }
        return s0 + s1 + (s2 + s3);
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
