package io.goodhart.api.experiment;

import io.goodhart.api.facts.FactFinder;
import io.goodhart.api.facts.FactFinder.Facts;
import io.goodhart.api.facts.FactFinder.NamedFiles;
import io.goodhart.api.worker.LiveWorkers;
import io.goodhart.db.experiment.TaskHistory;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.cost.CostEstimate;
import io.goodhart.domain.cost.PlannedWorkloads;
import io.goodhart.domain.cost.Speeds;
import io.goodhart.domain.cost.Workload;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.FileRules;
import io.goodhart.domain.validate.MemoryEstimate;
import io.goodhart.domain.validate.Validation;
import io.goodhart.domain.validate.ValueRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Holds a specification against its own rules, the files and the workers, and plans it. Values and files are looked at
 * together, so that one answer names them all; how both fit each other is only asked once each is right by itself.
 */
@Component
class ExperimentCheck {
    /** Tasks that tell how fast the workers are. */
    private static final int MEASURED = 1000;

    private final FactFinder facts;
    private final LiveWorkers workers;
    private final LimitProperties limits;
    private final TaskHistory history;

    ExperimentCheck(FactFinder facts, LiveWorkers workers, LimitProperties limits, TaskHistory history) {
        this.facts = facts;
        this.workers = workers;
        this.limits = limits;
        this.history = history;
    }

    /** @throws InvalidInputException with every problem */
    CheckedExperiment check(ExperimentSpec spec) {
        List<Problem> problems = new ArrayList<>(ValueRules.check(spec));
        long runs = (long) spec.arms().size() * spec.seeds().size();
        if (runs > limits.runs()) {
            problems.add(new Problem(
                    "too_many_runs", "seeds", "At most %d runs are accepted, got %d".formatted(limits.runs(), runs)));
        }
        long tasks = Planner.size(spec);
        if (tasks > limits.tasks()) {
            problems.add(new Problem(
                    "too_many_tasks",
                    "arms",
                    "At most %d tasks are accepted, arms, seeds, evaluation points and probes make %d"
                            .formatted(limits.tasks(), tasks)));
        }
        Optional<NamedFiles> files = find(spec, problems);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        Facts all = facts.draw(spec, files.orElseThrow(), workers.largestMemoryBytes());
        Validation validation = FileRules.check(spec, all.validation());
        if (!validation.problems().isEmpty()) {
            throw new InvalidInputException(validation.problems());
        }
        List<Problem> splits = facts.splitProblems(spec, all);
        if (!splits.isEmpty()) {
            throw new InvalidInputException(splits);
        }
        MemoryEstimate memory = MemoryEstimate.of(spec, all.validation());
        Plan plan = Planner.plan(spec, all.planning(), memory.checkpointed());
        return new CheckedExperiment(spec, plan, validation.warnings(), memory, cost(spec, plan, all));
    }

    private PlannedCost cost(ExperimentSpec spec, Plan plan, Facts all) {
        Map<TaskKey, Workload> work = PlannedWorkloads.of(
                plan,
                all.validation().prompts().longestTokens(),
                all.validation().longestRead(spec.longestResponse()));
        Set<TaskKey> finished = spec.reuse() == ExperimentSpec.Reuse.NEVER
                ? Set.of()
                : history.finished(plan.tasks().stream().map(PlannedTask::key).toList());
        Speeds speeds = Speeds.of(history.latest(MEASURED));
        int alive = workers.count();
        return PlannedCost.of(
                plan, work, CostEstimate.of(plan, work, finished, speeds, Math.max(1, alive)), speeds, alive);
    }

    private Optional<NamedFiles> find(ExperimentSpec spec, List<Problem> problems) {
        try {
            return Optional.of(facts.find(spec));
        } catch (InvalidInputException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }
}
