package io.goodhart.domain.statistics;

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
 * Satterthwaite's 1946 (Biometrics Bulletin 2, p. 110) degrees of freedom are those of the two independent quantities that the
 * variance is the sum of, s²/S and the shared part unitVariance − r/S:
 * <pre>
 *   ν = variance² / ((s²/S)²/ν_seed + (unitVariance − r/S)²/ν_unit), at most ν_seed + ν_unit
 * </pre>
 * ν is not rounded: cut to a whole number, an interval of two seeds is up to 2.8 times too wide. Where two seeds differ more than units do, a
 * 95 % interval covers 88 to 90 %: two say too little of a spread.
 * One seed: its spread is not measured, and counts as 0.
 *
 * @param mean mean of the seeds' estimates
 * @param unitVariance what other prompts or texts would change; NaN if not defined
 * @param seedSquare s², the variance of the seeds' estimates; 0 for one seed
 * @param notShared r, the part of {@code seedSquare} that other units would explain; 0 for one seed
 * @param seedFreedom ν_seed, degrees of freedom of {@code seedSquare}; 0 if it is not measured
 * @param seeds S
 * @param units number of units, of the smaller class
 */
public record SeedMean(
        double mean, double unitVariance, double seedSquare, double notShared, int seedFreedom, int seeds, int units) {
    /** Below this a variance is the rounding of zero. */
    private static final double NO_VARIANCE = 1e-18;

    /** Estimates on the same units (the same prompts, the same texts). */
    public static SeedMean of(List<SeedStatistic> perSeed) {
        int s = perSeed.size();
        double mean = perSeed.stream().mapToDouble(SeedStatistic::estimate).sum() / s;
        double diagonal = 0;
        double rest = 0;
        for (int i = 0; i < s; i++) {
            diagonal += perSeed.get(i).variance();
            for (int j = 0; j < i; j++) {
                rest += 2 * perSeed.get(i).covariance(perSeed.get(j));
            }
        }
        double unitVariance = Math.max(0, (diagonal + rest) / ((double) s * s));
        int units = perSeed.stream().mapToInt(SeedStatistic::units).min().orElseThrow();
        if (s == 1) {
            return new SeedMean(mean, unitVariance, 0, 0, 0, 1, units);
        }
        double squares = perSeed.stream()
                .mapToDouble(one -> (one.estimate() - mean) * (one.estimate() - mean))
                .sum();
        double notShared = diagonal / s - rest / (s * (s - 1.0));
        return new SeedMean(mean, unitVariance, squares / (s - 1), notShared, s - 1, s, units);
    }

    /** With the spread over seeds of a family of arms, each weighted by its degrees of freedom, if this arm has a spread at all. */
    public SeedMean pooled(List<SeedMean> family) {
        int freedom = 0;
        double squares = 0;
        double notSharedSum = 0;
        for (SeedMean one : family) {
            if (one.seedFreedom > 0 && Double.isFinite(one.seedSpread())) {
                freedom += one.seedFreedom;
                squares += one.seedFreedom * one.seedSquare;
                notSharedSum += one.seedFreedom * one.notShared;
            }
        }
        return seedFreedom == 0 || freedom == 0
                ? this
                : new SeedMean(mean, unitVariance, squares / freedom, notSharedSum / freedom, freedom, seeds, units);
    }

    /** Estimated variance between seeds; below 0 if they agree better than their noise. */
    public double seedSpread() {
        return seedSquare - notShared;
    }

    /** What other seeds would change. */
    public double seedVariance() {
        return Math.max(0, seedSpread()) / seeds;
    }

    public double variance() {
        return unitVariance + seedVariance();
    }

    /** ν, not rounded; 1 or more. */
    public double degreesOfFreedom() {
        int unitFreedom = Math.max(1, units - 1);
        double bySeed = seedSquare / seeds;
        double shared = unitVariance - notShared / seeds;
        double parts = shared * shared / unitFreedom + bySeed * bySeed / Math.max(1, seedFreedom);
        double freedom = parts > 0 ? Math.min(variance() * variance() / parts, unitFreedom + seedFreedom) : unitFreedom;
        return Math.max(1, freedom);
    }

    /** Whether there is a variance to measure by. */
    public boolean isSpread() {
        return variance() > NO_VARIANCE; // false for NaN
    }

    /** mean ± t·√variance; empty without spread. */
    public Optional<Interval> interval(double level) {
        if (!isSpread()) {
            return Optional.empty();
        }
        double half = StudentT.critical(level, degreesOfFreedom()) * Math.sqrt(variance());
        return Optional.of(new Interval(mean - half, mean + half));
    }

    /** Two-sided p of mean = 0; empty without spread, but 1 if every estimate is 0. */
    public OptionalDouble p() {
        if (isSpread()) {
            return OptionalDouble.of(StudentT.twoSidedP(mean / Math.sqrt(variance()), degreesOfFreedom()));
        }
        return mean == 0 && !Double.isNaN(variance()) ? OptionalDouble.of(1) : OptionalDouble.empty();
    }
}
