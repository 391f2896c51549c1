package io.goodhart.api.experiment;

import io.goodhart.domain.cost.CostEstimate;
import io.goodhart.domain.cost.Speeds;
import io.goodhart.domain.cost.Workload;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment costs beyond what earlier ones computed.
 *
 * @param reusedTasks tasks whose results are there already
 * @param tokensByKind tokens that the other tasks sample, read or train on, at most, by kind of task
 * @param trainings optimiser steps of each training, whether it is still to be computed or not
 * @param etaSeconds expected time with the workers that are alive; absent if that cannot be said
 * @param etaBasis what the expectation rests on, or why there is none
 */
record PlannedCost(
        int reusedTasks,
        Map<String, Long> tokensByKind,
        List<Training> trainings,
        @Nullable Double etaSeconds,
        String etaBasis) {
    /**
     * One training.
     *
     * @param task the task's label: arm and seed
     * @param steps optimiser steps, at most: pairs that tie are dropped later
     * @param tokens tokens over all epochs, at most
     */
    record Training(String task, long steps, long tokens) {}

    static PlannedCost of(Plan plan, Map<TaskKey, Workload> work, CostEstimate estimate, Speeds speeds, int workers) {
        Map<String, Long> tokens = new LinkedHashMap<>();
        estimate.workByKind().forEach((kind, workload) -> {
            if (workload.tokens() > 0) {
                tokens.put(kind, workload.tokens());
            }
        });
        List<Training> trainings = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Train)
                .map(task -> training(task, work.getOrDefault(task.key(), Workload.NOTHING)))
                .toList();
        OptionalDouble eta = workers == 0 ? OptionalDouble.empty() : estimate.seconds();
        return new PlannedCost(
                estimate.reused(),
                tokens,
                trainings,
                eta.isPresent() ? eta.getAsDouble() : null,
                basis(estimate, speeds, workers));
    }

    private static Training training(PlannedTask task, Workload work) {
        return new Training(task.label(), work.steps(), work.tokens());
    }

    private static String basis(CostEstimate estimate, Speeds speeds, int workers) {
        if (workers == 0) {
            return "No worker is alive";
        }
        if (estimate.seconds().isPresent()) {
            return "Measured on the last %d tasks, shared by %d workers".formatted(speeds.tasks(), workers);
        }
        return "Not measured yet with this model: %s".formatted(String.join(", ", estimate.unmeasured()));
    }
}
