package io.goodhart.trainer.report;

import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.Perplexity;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.ToDoubleFunction;

/** Perplexities, and their ratio to the baseline's on the same texts. */
record PerplexitySection(double level, SeedPool pool) {
    List<PerplexityResult> of(Arm arm, Optional<Arm> baseline) {
        SequencedSet<String> corpora = new LinkedHashSet<>();
        arm.runs()
                .forEach(run ->
                        corpora.addAll(run.result().evaluation().perplexity().keySet()));
        return corpora.stream()
                .map(corpus -> new PerplexityResult(
                        corpus,
                        overSeeds(arm, corpus, Perplexity::perToken),
                        overSeeds(arm, corpus, Perplexity::perText),
                        baseline.filter(other -> !other.is(arm))
                                .flatMap(other -> ratio(arm, other, corpus))
                                .orElse(null)))
                .toList();
    }

    private static Estimate overSeeds(Arm arm, String corpus, ToDoubleFunction<Perplexity> value) {
        List<Double> bySeed = arm.runs().stream()
                .map(run -> run.result().evaluation().perplexity().get(corpus))
                .filter(Objects::nonNull)
                .map(value::applyAsDouble)
                .toList();
        double mean = bySeed.stream().mapToDouble(v -> v).average().orElseThrow();
        return Estimates.of(mean, Optional.empty(), bySeed);
    }

    /** exp(Σ(NLL − NLL of the baseline) / Σ tokens): the ratio of the perplexities per token, its interval from the log. */
    private Optional<Estimate> ratio(Arm arm, Arm baseline, String corpus) {
        List<SeedStatistic> logRatios = new ArrayList<>();
        for (Run run : arm.runs()) {
            Optional<Run> partner = baseline.runFor(run.seed());
            Optional<double[]> own = run.details().array("corpus." + corpus + ".nll");
            Optional<double[]> other = partner.flatMap(p -> p.details().array("corpus." + corpus + ".nll"));
            Optional<double[]> tokens = run.details().array("corpus." + corpus + ".tokens");
            if (own.isEmpty()
                    || other.isEmpty()
                    || tokens.isEmpty()
                    || own.get().length != other.get().length
                    || Arrays.stream(tokens.get()).sum() == 0) {
                return Optional.empty();
            }
            double[] differences = new double[own.get().length];
            Arrays.setAll(differences, i -> own.get()[i] - other.get()[i]);
            logRatios.add(SeedStatistic.ofRatio(differences, tokens.get()));
        }
        if (logRatios.isEmpty()) {
            return Optional.empty();
        }
        SeedMean mean = pool.of("perplexity of " + corpus, SeedMean.of(logRatios));
        return Optional.of(new Estimate(
                Math.exp(mean.mean()),
                mean.interval(level).map(i -> Math.exp(i.lower())).orElse(null),
                mean.interval(level).map(i -> Math.exp(i.upper())).orElse(null),
                logRatios.stream().map(one -> Math.exp(one.estimate())).toList()));
    }
}
