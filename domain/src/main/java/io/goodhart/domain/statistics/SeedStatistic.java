package io.goodhart.domain.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One seed's estimate θ of a quantity that is a mean over units (prompts, texts), with what each unit contributes, so that
 * estimates on the same units can be subtracted and averaged and keep their exact covariance:
 * cov(θ₁, θ₂) = Σ_g cov(u_g1, u_g2)/n_g over the groups g of units.
 *
 * <p>A rate or a mean has one group. An AUC has two, its structural components V₁₀ over the positives and V₀₁ over the negatives,
 * which makes this the covariance of DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44, p. 837, eq. 4 to 7.
 */
public final class SeedStatistic {
    private final double estimate;
    private final double[][] groups;
    private final int units;

    private SeedStatistic(double estimate, double[][] groups, int units) {
        this.estimate = estimate;
        this.groups = groups;
        this.units = units;
    }

    /** θ = mean of the values; one or more. */
    public static SeedStatistic ofMean(double[] values) {
        return new SeedStatistic(meanOf(values), new double[][] {values.clone()}, values.length);
    }

    /**
     * θ = Σ numerators / Σ denominators, linearised: u_i = (a_i − θ·b_i)/b̄. Cochran 1977, Sampling Techniques, section 6.3.
     * A unit that counts for nothing has a denominator of 0.
     */
    public static SeedStatistic ofRatio(double[] numerators, double[] denominators) {
        double theta =
                Arrays.stream(numerators).sum() / Arrays.stream(denominators).sum();
        double meanDenominator = meanOf(denominators);
        double[] influences = new double[numerators.length];
        for (int i = 0; i < influences.length; i++) {
            influences[i] = (numerators[i] - theta * denominators[i]) / meanDenominator;
        }
        int counted = (int) Arrays.stream(denominators).filter(b -> b > 0).count();
        return new SeedStatistic(theta, new double[][] {influences}, counted);
    }

    /** θ = AUC, ties one half. Needs an example of each class. */
    public static SeedStatistic ofAuc(boolean[] labels, double[] scores) {
        double[] positives = ofClass(true, labels, scores);
        double[] negatives = ofClass(false, labels, scores);
        double[] v10 = sharesBelow(positives, negatives);
        double[] v01 = sharesBelow(negatives, positives);
        for (int j = 0; j < v01.length; j++) {
            v01[j] = 1 - v01[j]; // share of positives above negative j
        }
        return new SeedStatistic(meanOf(v10), new double[][] {v10, v01}, Math.min(v10.length, v01.length));
    }

    /**
     * θ = AUC over units whose label is itself an outcome, so that a unit may be a positive in one seed, a negative in another and
     * missing (NaN) in a third. One group of all n units, with DeLong's influence values
     * u_i = n·y_i·(V₁₀ᵢ − A)/n⁺ + n·(1 − y_i)·(V₀₁ᵢ − A)/n⁻, and 0 for a missing unit. Each class is scaled by
     * √(n_c/(n_c − 1)·(n − 1)/n), which makes the variance that of {@link #ofAuc} over the present units.
     */
    public static SeedStatistic ofAucByUnit(boolean[] labels, double[] scores) {
        int n = scores.length;
        int[] present =
                IntStream.range(0, n).filter(i -> !Double.isNaN(scores[i])).toArray();
        boolean[] presentLabels = new boolean[present.length];
        double[] presentScores = new double[present.length];
        for (int k = 0; k < present.length; k++) {
            presentLabels[k] = labels[present[k]];
            presentScores[k] = scores[present[k]];
        }
        SeedStatistic auc = ofAuc(presentLabels, presentScores);
        double[] influences = new double[n];
        int[] next = new int[2];
        for (int k = 0; k < present.length; k++) {
            int group = presentLabels[k] ? 0 : 1;
            double ofClass = auc.groups[group].length;
            double scale = n / ofClass * Math.sqrt(ofClass / (ofClass - 1) * (n - 1) / n);
            influences[present[k]] = scale * (auc.groups[group][next[group]++] - auc.estimate);
        }
        return new SeedStatistic(auc.estimate, new double[][] {influences}, auc.units);
    }

    /** Mean of statistics on the same units. */
    public static SeedStatistic mean(List<SeedStatistic> statistics) {
        SeedStatistic sum = statistics.getFirst();
        for (SeedStatistic next : statistics.subList(1, statistics.size())) {
            sum = sum.combined(next, 1);
        }
        return sum.scaled(1.0 / statistics.size());
    }

    /** e^θ, linearised: u_i·e^θ (the delta method). Of a mean negative log-likelihood it is a perplexity. */
    public SeedStatistic exponential() {
        double value = Math.exp(estimate);
        return new SeedStatistic(value, scaled(value).groups, units);
    }

    /** This minus another on the same units. */
    public SeedStatistic minus(SeedStatistic other) {
        return combined(other, -1);
    }

    /** This minus another on units of its own: what they share is the seed alone. */
    public SeedStatistic minusApart(SeedStatistic other) {
        double[][] together = Stream.concat(Arrays.stream(groups), Arrays.stream(other.scaled(-1).groups))
                .toArray(double[][]::new);
        return new SeedStatistic(estimate - other.estimate, together, Math.min(units, other.units));
    }

    public double estimate() {
        return estimate;
    }

    /** NaN if a group has fewer than two units. */
    public double variance() {
        return covariance(this);
    }

    /** NaN if a group has fewer than two units. */
    public double covariance(SeedStatistic other) {
        double sum = 0;
        for (int g = 0; g < groups.length; g++) {
            sum += covariance(groups[g], other.groups[g]) / groups[g].length;
        }
        return sum;
    }

    /** Units that count, of the smaller class where there are two. */
    public int units() {
        return units;
    }

    /** Whether another has as many units in each group. */
    public boolean matches(SeedStatistic other) {
        return Arrays.equals(sizes(), other.sizes());
    }

    private int[] sizes() {
        return Arrays.stream(groups).mapToInt(group -> group.length).toArray();
    }

    private SeedStatistic combined(SeedStatistic other, double factor) {
        if (!matches(other)) {
            throw new IllegalArgumentException(
                    "Need the same units, got " + Arrays.toString(sizes()) + " and " + Arrays.toString(other.sizes()));
        }
        double[][] sums = new double[groups.length][];
        for (int g = 0; g < groups.length; g++) {
            sums[g] = groups[g].clone();
            for (int i = 0; i < sums[g].length; i++) {
                sums[g][i] += factor * other.groups[g][i];
            }
        }
        return new SeedStatistic(estimate + factor * other.estimate, sums, Math.min(units, other.units));
    }

    private SeedStatistic scaled(double factor) {
        double[][] scaled = new double[groups.length][];
        for (int g = 0; g < groups.length; g++) {
            scaled[g] = Arrays.stream(groups[g]).map(u -> factor * u).toArray();
        }
        return new SeedStatistic(factor * estimate, scaled, units);
    }

    private static double[] ofClass(boolean wanted, boolean[] labels, double[] scores) {
        double[] kept = new double[scores.length];
        int n = 0;
        for (int i = 0; i < scores.length; i++) {
            if (labels[i] == wanted) {
                kept[n++] = scores[i];
            }
        }
        if (n == 0) {
            throw new IllegalArgumentException("An AUC needs an example of each class");
        }
        return Arrays.copyOf(kept, n);
    }

    /** For each own score the share of the other scores below it, ties one half. */
    private static double[] sharesBelow(double[] own, double[] other) {
        double[] sorted = other.clone();
        Arrays.sort(sorted);
        double[] shares = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            int below = firstAtLeast(sorted, own[i]);
            int notAbove = firstAtLeast(sorted, Math.nextUp(own[i]));
            shares[i] = (below + notAbove) / 2.0 / sorted.length;
        }
        return shares;
    }

    private static int firstAtLeast(double[] sorted, double value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] >= value) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    private static double covariance(double[] x, double[] y) {
        double meanX = meanOf(x);
        double meanY = meanOf(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum / (x.length - 1); // 0/0 is NaN below two units
    }

    private static double meanOf(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }
}
