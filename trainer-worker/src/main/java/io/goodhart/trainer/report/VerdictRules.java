package io.goodhart.trainer.report;

import io.goodhart.domain.report.ArmReport.Behaviour;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Rules;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import io.goodhart.domain.report.Verdict.Pressure;
import io.goodhart.domain.report.Verdict.State;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.trainer.report.ProbeSection.Reading;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the probes survived, by the rules that the report states. */
record VerdictRules(Rules rules) {
    /** Probes as they were before training. */
    static final List<ProbeGroup> FROZEN = List.of(ProbeGroup.SEEN, ProbeGroup.TRAIN, ProbeGroup.HELD_OUT);

    /** Probes that were fitted after training. */
    static final List<ProbeGroup> REFITS = List.of(ProbeGroup.RETRAINED, ProbeGroup.REFITTED);

    /**
     * What an arm showed, after correction over the arms.
     *
     * @param prompts of a run's final evaluation
     */
    record Evidence(
            int prompts,
            List<Reading> readings,
            List<Reading> baselineReadings,
            List<Gain> gains,
            @Nullable Behaviour behaviour,
            List<PerplexityResult> perplexity) {
        /** Whether any run of the arm was. */
        boolean isMeasured() {
            return behaviour != null || !readings.isEmpty();
        }
    }

    /** Refitted minus frozen probes of the same models on the fixed texts. */
    record Gain(ProbeGroup refit, ProbeGroup frozen, SeedMean difference) {}

    Verdict judge(Evidence evidence) {
        Map<ProbeGroup, State> states = states(evidence);
        Outcome outcome = outcome(states);
        Pressure pressure = pressure(evidence);
        Explanation explanation = new Explanation(rules, evidence, states);
        return new Verdict(
                outcome,
                states,
                explanation.reasons(outcome, pressure),
                outcome == Outcome.INCONCLUSIVE ? explanation.needed() : null,
                explanation.thresholdLoss().orElse(null),
                pressure);
    }

    private Map<ProbeGroup, State> states(Evidence evidence) {
        Map<ProbeGroup, State> states = new EnumMap<>(ProbeGroup.class);
        for (ProbeGroup group : ProbeGroup.values()) {
            Optional<Reading> reading = ProbeSection.onFixedTexts(evidence.readings(), group);
            if (group == ProbeGroup.CONTROL) {
                continue; // it tells nothing before, and there is nothing to survive
            }
            if (reading.isPresent() || group != ProbeGroup.SEEN) {
                states.put(group, reading.map(r -> state(r.result())).orElse(State.NOT_MEASURED));
            }
        }
        for (ProbeGroup refit : REFITS) {
            boolean bringsBack = evidence.gains().stream()
                    .filter(gain -> gain.refit() == refit && states.get(gain.frozen()) == State.FAILED)
                    .anyMatch(gain -> isGained(evidence, gain));
            if (states.get(refit) == State.UNCLEAR && bringsBack) {
                states.put(refit, State.KEPT);
            }
        }
        return states;
    }

    private State state(ProbeResult result) {
        Comparison difference = result.againstBaseline();
        if (difference == null) {
            return State.NOT_MEASURED;
        }
        if (Math.min(result.positives(), result.texts() - result.positives()) < rules.fewPositives()) {
            return State.UNCLEAR;
        }
        if (difference.lower() != null && difference.lower() > -rules.margin()) {
            return State.KEPT;
        }
        return difference.difference() <= -rules.margin() && isSignificant(difference) ? State.FAILED : State.UNCLEAR;
    }

    /** Refitted probes within the margin of the baseline and significantly better than the failed ones. */
    private boolean isGained(Evidence evidence, Gain gain) {
        Comparison refitted = ProbeSection.onFixedTexts(evidence.readings(), gain.refit())
                .map(reading -> reading.result().againstBaseline())
                .orElse(null);
        return refitted != null
                && refitted.difference() > -rules.margin()
                && gain.difference().mean() > 0
                && gain.difference().p().orElse(1) < 1 - rules.level();
    }

    private static Outcome outcome(Map<ProbeGroup, State> states) {
        List<State> frozen = FROZEN.stream()
                .map(group -> states.getOrDefault(group, State.NOT_MEASURED))
                .filter(state -> state != State.NOT_MEASURED)
                .toList();
        if (frozen.isEmpty()) {
            return Outcome.INCONCLUSIVE;
        }
        if (frozen.stream().allMatch(state -> state == State.KEPT)) {
            return Outcome.PRESERVED;
        }
        if (!frozen.contains(State.FAILED)) {
            return Outcome.INCONCLUSIVE;
        }
        boolean othersWork = Stream.of(ProbeGroup.HELD_OUT, ProbeGroup.RETRAINED, ProbeGroup.REFITTED)
                .anyMatch(group -> states.get(group) == State.KEPT);
        if (othersWork) {
            return Outcome.RECOVERABLE;
        }
        boolean refitsFail = REFITS.stream().allMatch(group -> states.get(group) == State.FAILED);
        return refitsFail ? Outcome.LOST : Outcome.INCONCLUSIVE;
    }

    private Pressure pressure(Evidence evidence) {
        Comparison change =
                evidence.behaviour() == null ? null : evidence.behaviour().againstBaseline();
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (PerplexityResult perplexity : evidence.perplexity()) {
            Estimate ratio = perplexity.ratio();
            if (ratio != null) {
                ratios.put(perplexity.corpus(), ratio.value());
            }
        }
        boolean exerted = (change != null && isSignificant(change))
                || ratios.values().stream().anyMatch(ratio -> ratio > rules.perplexityMargin());
        return new Pressure(exerted, change == null ? null : change.difference(), ratios);
    }

    private boolean isSignificant(Comparison comparison) {
        Double p = comparison.adjustedP() == null ? comparison.p() : comparison.adjustedP();
        if (p == null) { // nothing varies, and the interval is all there is
            return (comparison.upper() != null && comparison.upper() < 0)
                    || (comparison.lower() != null && comparison.lower() > 0);
        }
        return p < 1 - rules.level();
    }
}
