package io.goodhart.probing.evaluate;

import io.goodhart.domain.statistics.HanleyMcNeil;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.Normal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Variances and covariances of AUCs measured on the same examples, without assuming a distribution. With the structural components
 * V₁₀(i) = share of negatives below positive i and V₀₁(j) = share of positives above negative j (ties one half), S₁₀ and S₀₁ their
 * sample covariances: cov = S₁₀/n⁺ + S₀₁/n⁻. DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44, p. 837, eq. 4 to 7. Computed from
 * midranks in O(n log n): Sun and Xu 2014, IEEE Signal Processing Letters 21, p. 1389.
 */
public final class DeLong {
    private DeLong() {}

    /** The AUC with its variance; empty below two examples of a class. */
    public static Optional<Estimate> estimate(boolean[] labels, double[] scores) {
        Scores.check(labels, scores);
        double[] positives = Scores.ofClass(true, labels, scores);
        double[] negatives = Scores.ofClass(false, labels, scores);
        if (positives.length < 2 || negatives.length < 2) {
            return Optional.empty();
        }
        double[] v10 = components(positives, negatives);
        double[] v01 = components(negatives, positives); // below instead of above: 1 − V₀₁, the same variance
        double variance = covariance(v10, v10) / v10.length + covariance(v01, v01) / v01.length;
        return Optional.of(new Estimate(meanOf(v10), variance, positives.length, negatives.length));
    }

    /**
     * Two probes' scores on the same examples: z = (A₁ − A₂)/√(s₁₁ + s₂₂ − 2s₁₂). DeLong et al. 1988, eq. 8.
     *
     * @return empty below two examples of a class
     */
    public static Optional<Comparison> compare(boolean[] labels, double[] firstScores, double[] secondScores) {
        Optional<Estimate> first = estimate(labels, firstScores);
        Optional<Estimate> second = estimate(labels, secondScores);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        double covariance = 0;
        for (boolean own : new boolean[] {true, false}) {
            double[] v1 =
                    components(Scores.ofClass(own, labels, firstScores), Scores.ofClass(!own, labels, firstScores));
            double[] v2 =
                    components(Scores.ofClass(own, labels, secondScores), Scores.ofClass(!own, labels, secondScores));
            covariance += covariance(v1, v2) / v1.length;
        }
        return Optional.of(new Comparison(first.get(), second.get(), covariance));
    }

    /** Two AUCs of different examples (each model's own generations): covariance 0. */
    public static Comparison compareIndependent(Estimate first, Estimate second) {
        return new Comparison(first, second, 0);
    }

    /** For each own score: the share of other scores below it, ties one half = (midrank among all − midrank among own)/n_other. */
    private static double[] components(double[] own, double[] other) {
        double[] all = Arrays.copyOf(own, own.length + other.length);
        System.arraycopy(other, 0, all, own.length, other.length);
        double[] amongAll = midranks(all);
        double[] amongOwn = midranks(own);
        double[] shares = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            shares[i] = (amongAll[i] - amongOwn[i]) / other.length;
        }
        return shares;
    }

    /** Ranks from 1; equal values share the mean of their ranks. */
    private static double[] midranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int k = from; k < to; k++) {
                ranks[order[k]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double covariance(double[] x, double[] y) {
        double meanX = meanOf(x);
        double meanY = meanOf(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum / (x.length - 1);
    }

    private static double meanOf(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /**
     * An AUC and how sure it is.
     *
     * @param auc in [0, 1]
     * @param variance of the AUC; 0 when the classes are separated or all scores are tied
     */
    public record Estimate(double auc, double variance, int positives, int negatives) {
        /** √variance. */
        public double standardError() {
            return Math.sqrt(variance);
        }

        /**
         * A ± z·SE within [0, 1]; where the variance is 0 (separated classes) the score interval of
         * {@link HanleyMcNeil#scoreInterval}, because a point would claim certainty.
         */
        public Interval interval(double level) {
            if (variance == 0) {
                return HanleyMcNeil.scoreInterval(auc, positives, negatives, level)
                        .orElseThrow();
            }
            double half = Normal.critical(level) * standardError();
            return new Interval(auc - half, auc + half).clippedTo(0, 1);
        }
    }

    /**
     * The difference of two AUCs.
     *
     * @param covariance s₁₂ of the two AUCs
     */
    public record Comparison(Estimate first, Estimate second, double covariance) {
        /** A₁ − A₂. */
        public double difference() {
            return first.auc() - second.auc();
        }

        /** s₁₁ + s₂₂ − 2s₁₂. */
        public double variance() {
            return Math.max(0, first.variance() + second.variance() - 2 * covariance);
        }

        /** difference / √variance; empty when the two rank every pair alike, or both separate the classes. */
        public OptionalDouble z() {
            return variance() == 0 ? OptionalDouble.empty() : OptionalDouble.of(difference() / Math.sqrt(variance()));
        }

        /** Two-sided normal p; empty when {@link #z()} is. */
        public OptionalDouble p() {
            return z().isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Normal.twoSidedP(z().getAsDouble()));
        }

        /** A₁ − A₂ ± z·√variance within [−1, 1]; empty when {@link #z()} is. */
        public Optional<Interval> interval(double level) {
            if (variance() == 0) {
                return Optional.empty();
            }
            double half = Normal.critical(level) * Math.sqrt(variance());
            return Optional.of(new Interval(difference() - half, difference() + half).clippedTo(-1, 1));
        }
    }
}
