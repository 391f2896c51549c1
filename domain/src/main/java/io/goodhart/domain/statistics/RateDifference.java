package io.goodhart.domain.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Difference of two rates of yes/no outcomes on the same items, over seeds. One seed: the exact McNemar test and Newcombe's paired
 * interval ({@link PairedOutcomes}). Several: items and seeds as crossed random effects ({@link SeedMean}); where nothing varies the
 * interval is Newcombe's of the first seed, and there is no test unless nothing differs.
 *
 * @param mean first minus second, over seeds
 * @param firstSeed the outcomes of the first seed
 */
public record RateDifference(SeedMean mean, PairedOutcomes firstSeed) {
    /** Over one or more seeds with the same items. */
    public static RateDifference of(List<Seed> seeds) {
        return new RateDifference(
                SeedMean.of(seeds.stream().map(Seed::difference).toList()),
                seeds.getFirst().outcomes());
    }

    /**
     * One seed's outcomes.
     *
     * @param difference first rate minus second
     */
    public record Seed(SeedStatistic difference, PairedOutcomes outcomes) {
        /** One or more items. */
        public static Seed of(boolean[] first, boolean[] second) {
            return new Seed(rate(first).minus(rate(second)), PairedOutcomes.of(first, second));
        }

        private static SeedStatistic rate(boolean[] outcomes) {
            return SeedStatistic.ofMean(IntStream.range(0, outcomes.length)
                    .mapToDouble(i -> outcomes[i] ? 1 : 0)
                    .toArray());
        }
    }

    /** The same difference with a spread over seeds that others have lent it. */
    public RateDifference with(SeedMean pooled) {
        return new RateDifference(pooled, firstSeed);
    }

    /** Between −1 and 1. */
    public Interval interval(double level) {
        Optional<Interval> overSeeds = isOneSeed() ? Optional.empty() : mean.interval(level);
        return overSeeds
                .orElseGet(() -> firstSeed.difference(level).orElseThrow().interval())
                .clippedTo(-1, 1);
    }

    /** Two-sided p of equal rates. */
    public OptionalDouble p() {
        return isOneSeed() ? OptionalDouble.of(firstSeed.mcNemarP()) : mean.p();
    }

    private boolean isOneSeed() {
        return mean.seeds() == 1;
    }
}
