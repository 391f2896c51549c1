package io.goodhart.trainer.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.statistics.Detection;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From statistics to the report's records. */
final class Estimates {
    private Estimates() {}

    static Estimate of(double value, Optional<Interval> interval, List<Double> bySeed) {
        return new Estimate(
                value,
                interval.map(Interval::lower).orElse(null),
                interval.map(Interval::upper).orElse(null),
                bySeed);
    }

    /** A share: its interval stays between 0 and 1. */
    static Estimate share(SeedMean mean, double level, List<Double> bySeed) {
        return of(mean.mean(), mean.interval(level).map(i -> i.clippedTo(0, 1)), bySeed);
    }

    /** How comparisons are tested: at a level, which is corrected over so many comparisons. */
    record Tests(double level, int family) {
        /** Null without a variance. */
        @Nullable
        Double detectable(SeedMean difference) {
            return difference.isSpread()
                    ? Detection.student(level, family, difference.degreesOfFreedom())
                            .difference(difference.variance())
                    : null;
        }
    }

    static Comparison comparison(String against, SeedMean difference, double level, String test) {
        return comparison(against, difference, Optional.empty(), new Tests(level, 1), test);
    }

    /** @param degenerate the interval where nothing varies; empty: there is none, or only the point 0 */
    static Comparison comparison(
            String against, SeedMean difference, Optional<Interval> degenerate, Tests tests, String test) {
        Optional<Interval> interval =
                difference.interval(tests.level()).or(() -> degenerate).map(i -> i.clippedTo(-1, 1));
        boolean unchanged = interval.isEmpty() && difference.mean() == 0 && !Double.isNaN(difference.variance());
        return new Comparison(
                against,
                difference.mean(),
                unchanged ? Double.valueOf(0) : lower(interval),
                unchanged ? Double.valueOf(0) : upper(interval),
                difference.p().isPresent() ? difference.p().getAsDouble() : null,
                null,
                tests.detectable(difference),
                test);
    }

    private static @Nullable Double lower(Optional<Interval> interval) {
        return interval.map(Interval::lower).orElse(null);
    }

    private static @Nullable Double upper(Optional<Interval> interval) {
        return interval.map(Interval::upper).orElse(null);
    }

    static List<Double> bySeed(List<SeedStatistic> perSeed) {
        return perSeed.stream().map(SeedStatistic::estimate).toList();
    }
}
