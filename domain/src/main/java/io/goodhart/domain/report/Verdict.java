package io.goodhart.domain.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an arm's probes survived, by {@link Rules}.
 *
 * @param states each group's state on the fixed texts
 * @param reasons the numbers that decided, in sentences
 * @param needed what would decide, if the outcome is inconclusive
 * @param threshold loss of accuracy at the old threshold that asks for a new one, whatever the ranking; absent if there is none
 * @param pressure what the training did to the model
 */
public record Verdict(
        Outcome outcome,
        Map<ProbeGroup, State> states,
        List<String> reasons,
        @Nullable String needed,
        @Nullable ThresholdLoss threshold,
        Pressure pressure) {
    public Verdict {
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
        reasons = List.copyOf(reasons);
    }

    /** Whether the probes survived, but nothing had been done to them: a survival that says little. */
    public boolean untested() {
        return outcome == Outcome.PRESERVED && !pressure.exerted();
    }

    /** The answer. */
    public enum Outcome {
        /** The frozen probes still read the behaviour. */
        PRESERVED,
        /** Frozen probes fail, but others work: refitted ones, or ones that training never saw. */
        RECOVERABLE,
        /** Frozen probes fail, and those that were fitted after training do too, on own responses and on shared texts. */
        LOST,
        /** The intervals are too wide to say. */
        INCONCLUSIVE
    }

    /** One group's AUC against the baseline's. */
    public enum State {
        /** It lost less than the margin: the interval is above −margin. */
        KEPT,
        /** It lost: significant, and by the margin or more. */
        FAILED,
        /** Neither is shown. */
        UNCLEAR,
        /** There is no such measurement. */
        NOT_MEASURED
    }

    /**
     * Accuracy on the fixed texts at the thresholds that were calibrated before training.
     *
     * @param group the first frozen group that lost
     * @param before on the untrained model
     * @param after on the trained model
     */
    public record ThresholdLoss(ProbeGroup group, double before, double after) {}

    /**
     * What the training did to the model. A probe that survives no pressure says little.
     *
     * @param exerted whether the behaviour changed significantly or a perplexity rose by more than the margin
     * @param behaviourChange difference of the behaviour rate against the baseline
     * @param perplexityRatios by corpus, against the baseline
     */
    public record Pressure(boolean exerted, @Nullable Double behaviourChange, Map<String, Double> perplexityRatios) {
        public Pressure {
            perplexityRatios = Collections.unmodifiableMap(new LinkedHashMap<>(perplexityRatios));
        }
    }
}
