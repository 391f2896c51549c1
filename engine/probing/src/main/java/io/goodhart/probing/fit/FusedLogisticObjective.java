package io.goodhart.probing.fit;

import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.Standardiser;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The same function as {@link LogisticObjective}, made for speed: one sweep over the raw float32 rows, each of which is read for the
 * logit and, still in the cache, for the gradient. Standardisation is folded into vectors: w·z = (w/σ)·x − (w/σ)·μ and
 * Σ rᵢzᵢ = (Σ rᵢxᵢ − μ Σ rᵢ)/σ. All sums are in float64.
 *
 * <p>Rows are cut into a number of blocks that depends on n only; blocks run in parallel, and their sums are added in the order of
 * the rows. So the result is the same on any number of processors.
 */
final class FusedLogisticObjective implements Lbfgs.Objective {
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
    private final Block[] blocks;

    FusedLogisticObjective(LabelledActivations examples, Standardiser standardiser, LogisticObjective.Penalty penalty) {
        this.x = examples.activations().valuesND();
        this.labels = examples.labels();
        this.n = examples.n();
        this.d = standardiser.d();
        this.mean = standardiser.mean().toArray();
        this.scale = standardiser.scale().toArray();
        this.penalty = penalty;
        int size = Math.max(SMALLEST_BLOCK, Math.ceilDiv(n, MAX_BLOCKS));
        this.blocks = IntStream.range(0, Math.ceilDiv(n, size))
                .mapToObj(k -> new Block(k * size, Math.min(n, (k + 1) * size)))
                .toArray(Block[]::new);
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        double[] folded = new double[d];
        double foldedBias = parameters[d];
        for (int j = 0; j < d; j++) {
            folded[j] = parameters[j] / scale[j];
            foldedBias -= folded[j] * mean[j];
        }
        sweep(folded, foldedBias);
        double value = 0;
        double residuals = 0;
        double[] sums = new double[d];
        for (Block block : blocks) {
            value += block.loss;
            residuals += block.residuals;
            addTo(sums, block.sums);
        }
        for (int j = 0; j < d; j++) {
            value += 0.5 * parameters[j] * parameters[j];
            gradient[j] = parameters[j] + (sums[j] - mean[j] * residuals) / scale[j];
        }
        gradient[d] = residuals;
        return value;
    }

    private void sweep(double[] folded, double foldedBias) {
        IntStream indices = IntStream.range(0, blocks.length);
        if ((long) n * d >= WORTH_THREADS) {
            indices = indices.parallel();
        }
        indices.forEach(k -> blocks[k].sweep(folded, foldedBias));
    }

    /** The sums over some of the rows. */
    private final class Block {
        private final int from;
        private final int to;
        private final double[] sums = new double[d];
        private final double[] lanes = new double[LANES];
        private double loss;
        private double residuals;

        Block(int from, int to) {
            this.from = from;
            this.to = to;
        }

        void sweep(double[] folded, double foldedBias) {
            Arrays.fill(sums, 0);
            loss = 0;
            residuals = 0;
            for (int i = from; i < to; i++) {
                double logit = foldedBias + dot(folded, x, i * d, lanes);
                double weight = penalty.of(labels[i]);
                loss += weight * LogisticObjective.softPlus(labels[i] ? -logit : logit);
                double residual = weight * (FittedProbe.sigmoid(logit) - (labels[i] ? 1 : 0));
                residuals += residual;
                addScaled(sums, residual, x, i * d);
            }
        }
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
