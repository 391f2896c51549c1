package io.goodhart.trainer.report;

import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.RunDetails;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What other tasks measured, read from their artifacts.
 *
 * @param sweep how the probes were fitted; null if not given
 * @param runs final evaluation of each arm and seed
 * @param pairs summary of the preference pairs by arm, mean over seeds, for arms that have pairs
 * @param broken runs whose training ended, but whose model computes nothing finite, so that it was not measured
 */
public record ReportInputs(
        Provenance provenance,
        @Nullable ProbeSweep sweep,
        Map<RunKey, RunResult> runs,
        Map<String, Map<String, Double>> pairs,
        Set<RunKey> broken) {
    public ReportInputs {
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
        pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
        broken = Collections.unmodifiableSet(new LinkedHashSet<>(broken));
    }

    /** The run of an arm with a seed, if it was measured. */
    Optional<RunResult> run(String arm, long seed) {
        return Optional.ofNullable(runs.get(new RunKey(arm, seed)));
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
