package io.goodhart.trainer.report;

import io.goodhart.probing.statistics.Interval;
import io.goodhart.probing.statistics.StudentT;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Mean over S seeds of a statistic over units, when another seed and other units could both have been drawn: the crossed two-way
 * random-effects model. With Σ the covariance of the seeds' estimates over units and r = mean Σ_ss − mean Σ_st (s ≠ t) the part that
 * is not shared,
 * <pre>
 *   unitVariance = 1ᵀΣ1/S²      seedSpread = s²(θ_s) − r      variance = unitVariance + max(0, seedSpread)/S
 * </pre>
 * with Satterthwaite's 1946 (Biometrics Bulletin 2, p. 110) degrees of freedom. One seed: its spread is not measured, and counts as 0.
 *
 * @param mean mean of the seeds' estimates
 * @param unitVariance what other prompts or texts would change; NaN if not defined
 * @param seedSpread estimated variance between seeds; below 0 if they agree better than their noise
 * @param seedFreedom degrees of freedom of {@code seedSpread}; 0 if it is not measured
 * @param seeds S
 * @param units number of units, of the smaller class
 */
record SeedMean(double mean, double unitVariance, double seedSpread, int seedFreedom, int seeds, int units) {
    /** Below this a variance is the rounding of zero. */
    private static final double NO_VARIANCE = 1e-18;

    /** Estimates on the same units (the same prompts, the same texts). */
    static SeedMean ofSharedUnits(List<SeedStatistic> perSeed) {
        return of(perSeed, true);
    }

    /** Estimates on units of their own (each model's own responses): independent but for the seed. */
    static SeedMean ofOwnUnits(List<SeedStatistic> perSeed) {
        return of(perSeed, false);
    }

    private static SeedMean of(List<SeedStatistic> perSeed, boolean shared) {
        int s = perSeed.size();
        double mean = perSeed.stream().mapToDouble(SeedStatistic::estimate).sum() / s;
        double diagonal = 0;
        double rest = 0;
        for (int i = 0; i < s; i++) {
            diagonal += perSeed.get(i).variance();
            for (int j = 0; shared && j < i; j++) {
                rest += 2 * perSeed.get(i).covariance(perSeed.get(j));
            }
        }
        double unitVariance = Math.max(0, (diagonal + rest) / ((double) s * s));
        int units = perSeed.stream().mapToInt(SeedStatistic::units).min().orElseThrow();
        if (s == 1) {
            return new SeedMean(mean, unitVariance, 0, 0, 1, units);
        }
        double squares = perSeed.stream()
                .mapToDouble(one -> (one.estimate() - mean) * (one.estimate() - mean))
                .sum();
        double notShared = diagonal / s - rest / (s * (s - 1.0));
        return new SeedMean(mean, unitVariance, squares / (s - 1) - notShared, s - 1, s, units);
    }

    /** With the spread over seeds of a family of arms, each weighted by its degrees of freedom, if this arm has a spread at all. */
    SeedMean pooled(List<SeedMean> family) {
        int freedom = 0;
        double weighted = 0;
        for (SeedMean one : family) {
            if (one.seedFreedom > 0 && Double.isFinite(one.seedSpread)) {
                freedom += one.seedFreedom;
                weighted += one.seedFreedom * one.seedSpread;
            }
        }
        return seedFreedom == 0 || freedom == 0
                ? this
                : new SeedMean(mean, unitVariance, weighted / freedom, freedom, seeds, units);
    }

    /** This minus the mean of other, independent units of a model that seeds do not change. */
    SeedMean minusIndependent(SeedMean other) {
        return new SeedMean(
                mean - other.mean,
                unitVariance + other.unitVariance,
                seedSpread,
                seedFreedom,
                seeds,
                Math.min(units, other.units));
    }

    /** What other seeds would change. */
    double seedVariance() {
        return Math.max(0, seedSpread) / seeds;
    }

    double variance() {
        return unitVariance + seedVariance();
    }

    /** 1 or more. */
    int degreesOfFreedom() {
        int unitFreedom = Math.max(1, units - 1);
        double parts =
                unitVariance * unitVariance / unitFreedom + seedVariance() * seedVariance() / Math.max(1, seedFreedom);
        return parts > 0 ? Math.max(1, (int) (variance() * variance() / parts)) : unitFreedom;
    }

    /** Whether there is a variance to measure by. */
    boolean isSpread() {
        return variance() > NO_VARIANCE; // false for NaN
    }

    /** mean ± t·√variance; empty without spread. */
    Optional<Interval> interval(double level) {
        if (!isSpread()) {
            return Optional.empty();
        }
        double half = StudentT.critical(level, degreesOfFreedom()) * Math.sqrt(variance());
        return Optional.of(new Interval(mean - half, mean + half));
    }

    /** Two-sided p of mean = 0; empty without spread, but 1 if every estimate is 0. */
    OptionalDouble p() {
        if (isSpread()) {
            return OptionalDouble.of(StudentT.twoSidedP(mean / Math.sqrt(variance()), degreesOfFreedom()));
        }
        return mean == 0 && !Double.isNaN(variance()) ? OptionalDouble.of(1) : OptionalDouble.empty();
    }
}
