package io.goodhart.domain.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one arm did, over its seeds.
 *
 * @param name the user's name of it
 * @param method its outside name: {@code dpo}
 * @param description what it trains on, for people
 * @param control name of the arm that differs from this one by the probe's signal alone
 * @param runs one per seed; one in all where seeds change nothing
 * @param behaviour rate and score of the behaviour
 * @param probes final readings: group × texts × transfer
 * @param domainShift by group of probes; absent unless texts of the probes' source and of another one were read
 * @param evasion why its own positive responses are missed
 * @param perplexity by corpus
 * @param curves over training; empty for the baseline
 * @param training last value of each training metric, mean over seeds
 * @param pairs what the preference pairs were; absent without pairs
 * @param verdict absent for the baseline
 */
public record ArmReport(
        String name,
        String method,
        String description,
        Kind kind,
        @Nullable String control,
        List<SeedRun> runs,
        @Nullable Behaviour behaviour,
        List<ProbeResult> probes,
        @Nullable List<DomainShift> domainShift,
        List<EvasionReading> evasion,
        List<PerplexityResult> perplexity,
        List<Curve> curves,
        Map<String, Double> training,
        @Nullable Map<String, Double> pairs,
        @Nullable Verdict verdict) {
    public ArmReport {
        runs = List.copyOf(runs);
        probes = List.copyOf(probes);
        domainShift = domainShift == null ? null : List.copyOf(domainShift);
        evasion = List.copyOf(evasion);
        perplexity = List.copyOf(perplexity);
        curves = List.copyOf(curves);
        training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
        pairs = pairs == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
    }

    /** What an arm is for. */
    public enum Kind {
        /** The untrained model. */
        BASELINE,
        /** Trained without the signal under question. */
        CONTROL,
        /** Trained with a signal. */
        TREATMENT
    }

    /**
     * One run's final evaluation.
     *
     * @param rate share of positive responses, with Wilson's interval
     * @param meanTokens mean response length, {@code <eos>} left out
     * @param repetition share of repeated bigrams over all responses
     */
    public record SeedRun(
            long seed,
            int prompts,
            int positives,
            Estimate rate,
            double meanScore,
            double meanTokens,
            int empty,
            double repetition) {}

    /**
     * The behaviour over seeds.
     *
     * @param rate mean of the seeds' rates
     * @param meanScore mean of the seeds' mean scores
     * @param meanTokens mean response length
     * @param repetition share of repeated bigrams
     * @param emptyShare share of responses without a token
     * @param againstBaseline of the rate, paired by prompt
     * @param againstControl of the rate, paired by prompt
     */
    public record Behaviour(
            Estimate rate,
            Estimate meanScore,
            double meanTokens,
            double repetition,
            double emptyShare,
            @Nullable Comparison againstBaseline,
            @Nullable Comparison againstControl) {}
}
