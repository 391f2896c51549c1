package io.goodhart.api.experiment;

import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.validate.ExpectedPrecision;
import io.goodhart.domain.validate.MemoryEstimate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What submitting a specification would do.
 *
 * @param valid whether it would be accepted
 * @param problems why not, if not
 * @param warnings what is accepted, but should be known
 * @param plan what would be computed, if it would be accepted
 */
record PlanSummary(
        boolean valid,
        List<Problem> problems,
        List<Problem> warnings,
        @Nullable PlannedWork plan) {
    static PlanSummary refused(List<Problem> problems) {
        return new PlanSummary(false, List.copyOf(problems), List.of(), null);
    }

    static PlanSummary accepted(CheckedExperiment checked) {
        return new PlanSummary(true, List.of(), checked.warnings(), PlannedWork.of(checked));
    }

    /**
     * What would be computed.
     *
     * @param runs arms × seeds
     * @param tasks tasks in all; what is equal between runs counts once
     * @param tasksByKind the same by kind
     * @param sharedTasks tasks whose results belong to more than one run
     * @param memoryBytes estimated peak memory of a worker's computation beside its Java heap
     * @param memoryBytesByKind the same by kind of task
     * @param gradientCheckpointing trainings that compute their blocks twice to save memory, by their labels
     * @param cost tokens, steps and time beyond what is computed already
     * @param precision which differences an experiment of this size finds
     */
    record PlannedWork(
            int runs,
            int tasks,
            Map<String, Integer> tasksByKind,
            int sharedTasks,
            long memoryBytes,
            Map<String, Long> memoryBytesByKind,
            List<String> gradientCheckpointing,
            PlannedCost cost,
            ExpectedPrecision precision) {
        static PlannedWork of(CheckedExperiment checked) {
            Plan plan = checked.plan();
            MemoryEstimate memory = checked.memory();
            Map<String, Integer> byKind = new LinkedHashMap<>();
            for (PlannedTask task : plan.tasks()) {
                byKind.merge(task.spec().kind(), 1, Integer::sum);
            }
            Map<TaskKey, Integer> uses = new HashMap<>();
            plan.runs().values().forEach(keys -> keys.forEach(key -> uses.merge(key, 1, Integer::sum)));
            int shared = (int) uses.values().stream().filter(count -> count > 1).count();
            Map<String, Long> bytes = new LinkedHashMap<>(memory.bytesByKind());
            bytes.keySet().retainAll(byKind.keySet());
            List<String> checkpointed = plan.tasks().stream()
                    .filter(task -> task.spec() instanceof TaskSpec.Train train && train.computesBlocksTwice())
                    .map(PlannedTask::label)
                    .toList();
            return new PlannedWork(
                    plan.runs().size(),
                    plan.tasks().size(),
                    byKind,
                    shared,
                    memory.peakBytes(),
                    bytes,
                    checkpointed,
                    checked.cost(),
                    ExpectedPrecision.of(checked.spec()));
        }
    }
}
