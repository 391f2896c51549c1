package io.goodhart.domain.cost;

import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a plan costs beyond what is computed already. The time is a bound from below by two sides: all work shared by the workers, and
 * the longest chain of tasks that wait for each other, whichever is longer.
 *
 * @param workByKind workload of tasks that are still to be computed, by kind
 * @param reused tasks that earlier experiments computed
 * @param seconds expected time of what was measured; of all of it, if nothing is {@code unmeasured}
 * @param unmeasured kinds that take long and were never measured with this model, so that {@code seconds} is without them
 */
public record CostEstimate(
        Map<String, Workload> workByKind, Set<TaskKey> reused, double seconds, SortedSet<String> unmeasured) {
    public CostEstimate {
        workByKind = Collections.unmodifiableMap(new LinkedHashMap<>(workByKind));
        reused = Set.copyOf(reused);
        unmeasured = Collections.unmodifiableSortedSet(new TreeSet<>(unmeasured));
    }

    /**
     * @param finished tasks that need not be computed again
     * @param workers workers that share the work, at least one
     */
    public static CostEstimate of(
            Plan plan, Map<TaskKey, Workload> work, Set<TaskKey> finished, Speeds speeds, int workers) {
        Map<String, Workload> byKind = new LinkedHashMap<>();
        SortedSet<String> unmeasured = new TreeSet<>();
        Map<TaskKey, Double> endOf = new HashMap<>();
        double total = 0;
        Set<TaskKey> reused = new HashSet<>();
        for (PlannedTask task : plan.tasks()) {
            if (finished.contains(task.key())) {
                reused.add(task.key());
                continue;
            }
            Workload workload = work.getOrDefault(task.key(), Workload.NOTHING);
            byKind.merge(task.spec().kind(), workload, Workload::plus);
            OptionalDouble seconds = speeds.seconds(task.spec(), workload);
            if (seconds.isEmpty() && takesLong(task.spec())) {
                unmeasured.add(Speeds.kind(task.spec()));
            }
            double begins = task.inputs().values().stream()
                    .map(OutputRef::task)
                    .mapToDouble(key -> endOf.getOrDefault(key, 0.0))
                    .max()
                    .orElse(0);
            endOf.put(task.key(), begins + seconds.orElse(0));
            total += seconds.orElse(0);
        }
        double chain =
                endOf.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return new CostEstimate(byKind, reused, Math.max(total / workers, chain), unmeasured);
    }

    /**
     * Whether a task may take noticeable time beside the others. Those do not that only join or count what others computed, or look for
     * words; nor does reading pairs, which the training that waits for it reads as often as it has epochs, and differentiates.
     */
    private static boolean takesLong(TaskSpec spec) {
        return switch (spec) {
            case TaskSpec.Generate ignored -> true;
            case TaskSpec.Score score -> !(score.scorer() instanceof Scorer.Lexicon);
            case TaskSpec.LogProbs ignored -> true;
            case TaskSpec.FitProbes ignored -> true;
            case TaskSpec.BuildPairs ignored -> false;
            case TaskSpec.ReadTexts ignored -> true;
            case TaskSpec.ReadPairs ignored -> false;
            case TaskSpec.Train ignored -> true;
            case TaskSpec.Evaluate ignored -> true;
            case TaskSpec.Report ignored -> false;
        };
    }
}
