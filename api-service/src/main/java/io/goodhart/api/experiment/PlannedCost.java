package io.goodhart.api.experiment;

import io.goodhart.domain.cost.CostEstimate;
import io.goodhart.domain.cost.Speeds;
import io.goodhart.domain.cost.Workload;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment costs beyond what earlier ones computed.
 *
 * @param reusedTasks tasks whose results are there already
 * @param tokensByKind tokens that the other tasks sample, read or train on, at most, by kind of task
 * @param trainings optimiser steps of each training, whether it is still to be computed or not
 * @param etaSeconds expected time with the workers that are alive; absent if that cannot be said
 * @param measuredSeconds the same without {@code unmeasuredKinds}, so that all of it takes longer if there are any; absent if no
 *     worker is alive
 * @param unmeasuredKinds kinds that take long and were never measured with this model
 * @param etaBasis what the expectation rests on, or why there is none
 */
record PlannedCost(
        int reusedTasks,
        Map<String, Long> tokensByKind,
        List<Training> trainings,
        @Nullable Double etaSeconds,
        @Nullable Double measuredSeconds,
        List<String> unmeasuredKinds,
        String etaBasis) {
    /**
     * One training.
     *
     * @param task the task's label: arm and seed
     * @param arm the first arm that has it
     * @param steps optimiser steps, at most: pairs that tie are dropped later
     * @param tokens tokens over all epochs, at most
     * @param reused whether an earlier experiment computed it
     */
    record Training(String task, String arm, long steps, long tokens, boolean reused) {}

    static PlannedCost of(Plan plan, Map<TaskKey, Workload> work, CostEstimate estimate, Speeds speeds, int workers) {
        Map<String, Long> tokens = new LinkedHashMap<>();
        estimate.workByKind().forEach((kind, workload) -> {
            if (workload.tokens() > 0) {
                tokens.put(kind, workload.tokens());
            }
        });
        Map<TaskKey, String> arms = arms(plan);
        List<Training> trainings = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Train)
                .map(task -> {
                    Workload training = work.getOrDefault(task.key(), Workload.NOTHING);
                    boolean reused = estimate.reused().contains(task.key());
                    String arm = arms.getOrDefault(task.key(), task.label());
                    return new Training(task.label(), arm, training.steps(), training.tokens(), reused);
                })
                .toList();
        return new PlannedCost(
                estimate.reused().size(),
                tokens,
                trainings,
                workers > 0 && estimate.unmeasured().isEmpty() ? estimate.seconds() : null,
                workers > 0 ? estimate.seconds() : null,
                List.copyOf(estimate.unmeasured()),
                basis(estimate, speeds, workers));
    }

    /** The first arm that has a task. */
    private static Map<TaskKey, String> arms(Plan plan) {
        Map<TaskKey, String> arms = new HashMap<>();
        plan.runs().forEach((run, keys) -> keys.forEach(key -> arms.putIfAbsent(key, run.arm())));
        return arms;
    }

    private static String basis(CostEstimate estimate, Speeds speeds, int workers) {
        if (workers == 0) {
            return "No worker is alive";
        }
        if (estimate.workByKind().isEmpty()) {
            return "All of it was computed before";
        }
        if (estimate.unmeasured().isEmpty()) {
            return "Measured on the last %d tasks, shared by %d workers".formatted(speeds.tasks(), workers);
        }
        return "Not measured yet with this model: %s".formatted(String.join(", ", estimate.unmeasured()));
    }
}
