package io.goodhart.trainer.report;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.GroupTexts;
import io.goodhart.domain.report.Resampled;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.Percentile;
import io.goodhart.probing.evaluate.Ranking;
import io.goodhart.probing.evaluate.Ranking.Measures;
import io.goodhart.probing.evaluate.StratifiedDraw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Percentile intervals by bootstrap, for what has no closed form. A resample draws texts by class; where all seeds read the same
 * texts, all of them, every probe and the baseline get the same draw, so a difference is paired. Several seeds are drawn with
 * replacement as well, which makes texts and seeds two crossed factors: Owen 2007, The pigeonhole bootstrap, Annals of Applied
 * Statistics 1, p. 386.
 *
 * @param resamples how many; 0: none, and no interval
 */
record Resampling(double level, int resamples) {
    /** So many that a limit's own noise is small beside the interval. */
    static final int RESAMPLES = 1000;

    private static final double ONE_PERCENT = 0.01;

    /** Two models' readings of the same texts, which both can read and which have both classes. */
    record Pair(GroupTexts ours, GroupTexts theirs) {}

    /** One seed's texts, each probe's ranking of them, and another model's rankings to subtract. */
    private record Seed(GroupTexts texts, StratifiedDraw draw, List<Ranking> rankings, List<Ranking> subtracted) {
        static Seed of(GroupTexts texts) {
            return new Seed(texts, new StratifiedDraw(texts.labels()), GroupMetrics.rankings(texts), List.of());
        }

        static Seed of(Pair pair) {
            return new Seed(
                    pair.ours(),
                    new StratifiedDraw(pair.ours().labels()),
                    GroupMetrics.rankings(pair.ours()),
                    GroupMetrics.rankings(pair.theirs()));
        }

        Measures measures(int[] times) {
            Measures own = mean(rankings, times);
            return subtracted.isEmpty() ? own : own.minus(mean(subtracted, times));
        }

        private Measures mean(List<Ranking> of, int[] times) {
            double precision = 0;
            double rate = 0;
            for (Ranking ranking : of) {
                Measures measures = ranking.measures(times, draw.positives(), draw.negatives(), ONE_PERCENT);
                precision += measures.averagePrecision();
                rate += measures.tprAtFpr();
            }
            return new Measures(precision / of.size(), rate / of.size());
        }

        Measures point() {
            int[] once = new int[texts.texts()];
            Arrays.fill(once, 1);
            return measures(once);
        }
    }

    /**
     * A group's readings of texts that have both classes.
     *
     * @param ours one a seed
     * @param pairs the same with the baseline's readings of the same texts; as many, or there is no difference
     */
    Optional<Resampled> of(List<GroupTexts> ours, List<Pair> pairs, String baseline) {
        if (resamples == 0 || ours.isEmpty()) {
            return Optional.empty();
        }
        List<Seed> own = ours.stream().map(Seed::of).toList();
        List<Measures> drawn = draws(own);
        Comparison precision = null;
        Comparison rate = null;
        if (pairs.size() == ours.size()) {
            List<Seed> paired = pairs.stream().map(Seed::of).toList();
            List<Measures> differences = draws(paired);
            precision = comparison(baseline, paired, differences, Measures::averagePrecision);
            rate = comparison(baseline, paired, differences, Measures::tprAtFpr);
        }
        return Optional.of(new Resampled(
                estimate(own, drawn, Measures::averagePrecision),
                estimate(own, drawn, Measures::tprAtFpr),
                precision,
                rate));
    }

    private List<Measures> draws(List<Seed> seeds) {
        SplitMix random = new SplitMix(Seeds.derive(0, "bootstrap"));
        GroupTexts first = seeds.getFirst().texts();
        boolean shared = seeds.stream().allMatch(seed -> seed.texts().hasLabelsOf(first));
        List<Measures> all = new ArrayList<>();
        for (int r = 0; r < resamples; r++) {
            int[] times = seeds.getFirst().draw().next(random);
            double precision = 0;
            double rate = 0;
            for (int s = 0; s < seeds.size(); s++) {
                Seed seed = seeds.get(seeds.size() == 1 ? 0 : random.below(seeds.size()));
                Measures measures = seed.measures(shared ? times : seed.draw().next(random));
                precision += measures.averagePrecision();
                rate += measures.tprAtFpr();
            }
            all.add(new Measures(precision / seeds.size(), rate / seeds.size()));
        }
        return all;
    }

    private Estimate estimate(List<Seed> seeds, List<Measures> drawn, ToDoubleFunction<Measures> of) {
        List<Double> bySeed =
                seeds.stream().map(seed -> of.applyAsDouble(seed.point())).toList();
        return Estimates.of(mean(bySeed), Optional.of(interval(drawn, of)), bySeed);
    }

    private Comparison comparison(
            String against, List<Seed> pairs, List<Measures> drawn, ToDoubleFunction<Measures> of) {
        Interval interval = interval(drawn, of);
        double mean =
                mean(pairs.stream().map(seed -> of.applyAsDouble(seed.point())).toList());
        String test = "paired stratified bootstrap, %d resamples".formatted(resamples);
        return new Comparison(against, mean, interval.lower(), interval.upper(), null, null, null, test);
    }

    private Interval interval(List<Measures> drawn, ToDoubleFunction<Measures> of) {
        return Percentile.central(drawn.stream().mapToDouble(of).toArray(), level);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }
}
