package io.goodhart.trainer.report;

import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.RunDetails;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What other tasks measured, read from their artifacts.
 *
 * @param sweep how the probes were fitted; null if not given
 * @param runs final evaluation of each arm and seed
 * @param pairs summary of the preference pairs by arm, mean over seeds, for arms that have pairs
 * @param unmeasured why runs were not measured
 */
public record ReportInputs(
        Provenance provenance,
        @Nullable ProbeSweep sweep,
        Map<RunKey, RunResult> runs,
        Map<String, Map<String, Double>> pairs,
        Map<RunKey, Unmeasured> unmeasured) {
    public ReportInputs {
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
        pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
        unmeasured = Collections.unmodifiableMap(new LinkedHashMap<>(unmeasured));
    }

    /** The run of an arm with a seed, if it was measured. */
    Optional<RunResult> run(String arm, long seed) {
        return Optional.ofNullable(runs.get(new RunKey(arm, seed)));
    }

    /** Why a run that was to be trained was not measured. */
    public enum Unmeasured {
        DIVERGED,
        /** The training ended, but its model computes nothing finite. */
        NOT_FINITE,
        NO_PAIRS
    }

    /** One arm with one seed. */
    public record RunKey(String arm, long seed) {}

    /**
     * One run's measurements.
     *
     * @param points evaluations during training by point
     * @param training last value of each training metric
     */
    public record RunResult(
            Evaluation evaluation,
            RunDetails details,
            SortedMap<Integer, Evaluation> points,
            Map<String, Double> training) {
        public RunResult {
            points = Collections.unmodifiableSortedMap(new TreeMap<>(points));
            training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
        }
    }
}
