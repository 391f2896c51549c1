package io.goodhart.probing.fit;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.AttentionFit;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.MlpFit;
import io.goodhart.probing.Standardiser;
import io.goodhart.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A probe that is fitted by following a gradient: its logits as a function of one vector of parameters. */
sealed interface ProbeNetwork {
    /** Logits [N] of a batch. */
    Tensor logits(Tensor parameters, TextBatch batch);

    /** Where the search starts. */
    double[] start(int d, SplitMix random);

    /** Number of the first parameters, the weights, that are penalised; the rest are biases. */
    int weights(int d);

    /** The probe that these parameters are. */
    FittedProbe probe(Standardiser standardiser, double[] parameters);

    /** Parameters q [H,D], v [H,D], b: queries start at zero, so that a head begins as a mean; see {@link AttentionFit}. */
    record Attention(int heads) implements ProbeNetwork {
        @Override
        public Tensor logits(Tensor parameters, TextBatch batch) {
            long d = batch.zMD().size(1);
            long size = heads * d;
            Tensor queryHD = parameters.slice(0, 0, size).reshape(heads, d);
            Tensor valueHD = parameters.slice(0, size, 2 * size).reshape(heads, d);
            Tensor weightsNTH = batch.paddedBelow(batch.zMD().linear(queryHD)).softmax(1);
            Tensor valuesNTH = batch.padded(batch.zMD().linear(valueHD));
            return weightsNTH.times(valuesNTH).sum(1, 2).plus(parameters.slice(0, 2 * size));
        }

        @Override
        public double[] start(int d, SplitMix random) {
            double[] start = new double[weights(d) + 1];
            fill(start, heads * d, 2 * heads * d, d, random);
            return start;
        }

        @Override
        public int weights(int d) {
            return Math.multiplyExact(2 * heads, d);
        }

        @Override
        public AttentionFit probe(Standardiser standardiser, double[] parameters) {
            int d = standardiser.d();
            List<DenseVector> vectors = vectors(parameters, 2 * heads, d);
            return new AttentionFit(
                    standardiser,
                    vectors.subList(0, heads),
                    vectors.subList(heads, 2 * heads),
                    parameters[2 * heads * d]);
        }
    }

    /**
     * Parameters w [D], b. The highest token score is not smooth; while it is fitted (1/β) ln Σ_t e^(β s_t) stands for it, β =
     * {@value #SHARPNESS}, which is at most ln(T)/β above.
     */
    record Maximum() implements ProbeNetwork {
        static final double SHARPNESS = 10;

        @Override
        public Tensor logits(Tensor parameters, TextBatch batch) {
            long d = batch.zMD().size(1);
            Tensor scoresM1 = batch.zMD().linear(parameters.slice(0, 0, d).reshape(1, d));
            Tensor highestN = batch.paddedBelow(scoresM1.scaled(SHARPNESS))
                    .squeeze(2)
                    .logSumExp(1)
                    .scaled(1 / SHARPNESS);
            return highestN.plus(parameters.slice(0, d));
        }

        @Override
        public double[] start(int d, SplitMix random) {
            return new double[d + 1];
        }

        @Override
        public int weights(int d) {
            return d;
        }

        @Override
        public LinearFit probe(Standardiser standardiser, double[] parameters) {
            int d = standardiser.d();
            DenseVector weight = DenseVector.of(Arrays.copyOf(parameters, d));
            return new LinearFit(ProbeSpec.Kind.MAX_POOLED, standardiser, weight, parameters[d]);
        }
    }

    /** Parameters w [H,D], v [H], c [H], b; see {@link MlpFit}. Every row is a text of its own. */
    record Mlp(int hidden) implements ProbeNetwork {
        @Override
        public Tensor logits(Tensor parameters, TextBatch batch) {
            long d = batch.zMD().size(1);
            long size = hidden * d;
            Tensor weightHD = parameters.slice(0, 0, size).reshape(hidden, d);
            Tensor output1H = parameters.slice(0, size, size + hidden).reshape(1, hidden);
            Tensor biasH = parameters.slice(0, size + hidden, size + 2L * hidden);
            Tensor unitsMH = batch.zMD().linear(weightHD, biasH).relu();
            return unitsMH.linear(output1H).squeeze(1).plus(parameters.slice(0, size + 2L * hidden));
        }

        @Override
        public double[] start(int d, SplitMix random) {
            double[] start = new double[weights(d) + hidden + 1];
            fill(start, 0, hidden * d, d, random);
            fill(start, hidden * d, weights(d), hidden, random);
            fill(start, weights(d), weights(d) + hidden, d, random);
            return start;
        }

        @Override
        public int weights(int d) {
            return Math.multiplyExact(hidden, d + 1);
        }

        @Override
        public MlpFit probe(Standardiser standardiser, double[] parameters) {
            int size = hidden * standardiser.d();
            return new MlpFit(
                    standardiser,
                    vectors(parameters, hidden, standardiser.d()),
                    DenseVector.of(Arrays.copyOfRange(parameters, size + hidden, size + 2 * hidden)),
                    DenseVector.of(Arrays.copyOfRange(parameters, size, size + hidden)),
                    parameters[size + 2 * hidden]);
        }
    }

    private static List<DenseVector> vectors(double[] parameters, int number, int d) {
        return IntStream.range(0, number)
                .mapToObj(h -> DenseVector.of(Arrays.copyOfRange(parameters, h * d, (h + 1) * d)))
                .toList();
    }

    /** Uniform on ±1/√fanIn, PyTorch's start of a linear layer. */
    private static void fill(double[] target, int from, int to, int fanIn, SplitMix random) {
        double bound = 1 / Math.sqrt(fanIn);
        for (int i = from; i < to; i++) {
            target[i] = bound * (2 * random.uniform() - 1);
        }
    }
}
