package io.goodhart.trainer.report;

import io.goodhart.domain.report.ArmReport.Behaviour;
import io.goodhart.domain.report.ArmReport.SeedRun;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.RateDifference;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import io.goodhart.domain.statistics.Wilson;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** How often the behaviour shows, and against whom that is a difference. */
record BehaviourSection(double threshold, double level, Families families, SeedPool pool) {
    /** One run's numbers with Wilson's interval. */
    static SeedRun run(Run run, double level) {
        Evaluation e = run.result().evaluation();
        double rate = (double) e.positives() / Math.max(1, e.prompts());
        Estimate estimate = Estimates.of(rate, Wilson.of(e.positives(), e.prompts(), level), List.of(rate));
        return new SeedRun(
                run.seed(),
                e.prompts(),
                e.positives(),
                estimate,
                e.meanScore(),
                e.meanTokens(),
                e.empty(),
                e.repetition());
    }

    /** The arm over its seeds; empty without runs. */
    Optional<Behaviour> of(Arm arm, Optional<Arm> baseline, Optional<Arm> control) {
        if (arm.runs().isEmpty()
                || arm.runs().stream().anyMatch(run -> run.details().ownScores().length == 0)) {
            return Optional.empty();
        }
        List<SeedStatistic> rates = statistics(arm, this::outcomes);
        List<SeedStatistic> scores = statistics(arm, run -> run.details().ownScores());
        return Optional.of(new Behaviour(
                rate(arm, rates),
                Estimates.share(pool.of("score", SeedMean.of(scores)), level, Estimates.bySeed(scores)),
                mean(arm, Evaluation::meanTokens),
                mean(arm, Evaluation::repetition),
                mean(arm, e -> (double) e.empty() / Math.max(1, e.prompts())),
                baseline.filter(other -> !other.is(arm))
                        .flatMap(other -> compare(arm, other, families.againstBaseline()))
                        .orElse(null),
                control.filter(other -> !other.is(arm))
                        .flatMap(other -> compare(arm, other, families.againstControl()))
                        .orElse(null)));
    }

    private Estimate rate(Arm arm, List<SeedStatistic> rates) {
        List<Double> bySeed = Estimates.bySeed(rates);
        SeedMean mean = pool.of("rate", SeedMean.of(rates));
        if (rates.size() > 1 && mean.isSpread()) {
            return Estimates.share(mean, level, bySeed);
        }
        double[] outcomes = outcomes(arm.runs().getFirst()); // one seed, or all or none of the prompts
        int positives = (int) Arrays.stream(outcomes).sum();
        return Estimates.of(mean.mean(), Wilson.of(positives, outcomes.length, level), bySeed);
    }

    /** Paired by prompt; empty if the prompts differ. */
    private Optional<Comparison> compare(Arm arm, Arm other, int family) {
        List<RateDifference.Seed> seeds = new ArrayList<>();
        for (Run run : arm.runs()) {
            boolean[] own = shows(run);
            Optional<boolean[]> partner =
                    other.runFor(run.seed()).map(this::shows).filter(shows -> shows.length == own.length);
            if (partner.isEmpty()) {
                return Optional.empty();
            }
            seeds.add(RateDifference.Seed.of(own, partner.get()));
        }
        RateDifference own = RateDifference.of(seeds);
        String reading = "rate against " + (other.isBaseline() ? "baseline" : "control");
        RateDifference difference = own.with(pool.of(reading, own.mean()));
        Interval interval = difference.interval(level);
        OptionalDouble p = difference.p();
        return Optional.of(new Comparison(
                other.name(),
                own.mean().mean(),
                interval.lower(),
                interval.upper(),
                p.isPresent() ? p.getAsDouble() : null,
                null,
                new Estimates.Tests(level, family).detectable(difference.mean()),
                seeds.size() == 1
                        ? "exact McNemar test, Newcombe's paired interval, one seed"
                        : "paired by prompt, prompts and %d seeds as random effects".formatted(seeds.size())));
    }

    private double[] outcomes(Run run) {
        double[] scores = run.details().ownScores();
        double[] outcomes = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            outcomes[i] = scores[i] >= threshold ? 1 : 0;
        }
        return outcomes;
    }

    private boolean[] shows(Run run) {
        return run.details().labels(TextSet.OWN, threshold).orElse(new boolean[0]);
    }

    private static List<SeedStatistic> statistics(Arm arm, Function<Run, double[]> values) {
        return arm.runs().stream()
                .map(run -> SeedStatistic.ofMean(values.apply(run)))
                .toList();
    }

    private static double mean(Arm arm, ToDoubleFunction<Evaluation> value) {
        return arm.runs().stream()
                .mapToDouble(run -> value.applyAsDouble(run.result().evaluation()))
                .average()
                .orElseThrow();
    }
}
