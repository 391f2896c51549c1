package io.goodhart.api.experiment;

import io.goodhart.api.facts.FactFinder;
import io.goodhart.api.facts.FactFinder.Facts;
import io.goodhart.api.facts.LeakageCheck;
import io.goodhart.api.worker.LiveWorkers;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.Splits;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.FileRules;
import io.goodhart.domain.validate.MemoryEstimate;
import io.goodhart.domain.validate.Validation;
import io.goodhart.domain.validate.ValueRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Holds a specification against its own rules, the files and the workers, and plans it. Values and files are looked at
 * together, so that one answer names them all; how both fit each other is only asked once each is right by itself.
 */
@Component
class ExperimentCheck {
    private final FactFinder facts;
    private final LeakageCheck leakage;
    private final LiveWorkers workers;
    private final LimitProperties limits;

    ExperimentCheck(FactFinder facts, LeakageCheck leakage, LiveWorkers workers, LimitProperties limits) {
        this.facts = facts;
        this.leakage = leakage;
        this.workers = workers;
        this.limits = limits;
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
        Optional<Facts> found = find(spec, problems);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        Facts all = found.orElseThrow();
        Validation validation = FileRules.check(spec, all.validation());
        if (!validation.problems().isEmpty()) {
            throw new InvalidInputException(validation.problems());
        }
        List<Problem> leaks = leakage.check(Splits.of(spec, all.planning()));
        if (!leaks.isEmpty()) {
            throw new InvalidInputException(leaks);
        }
        return new CheckedExperiment(
                spec,
                Planner.plan(spec, all.planning()),
                validation.warnings(),
                MemoryEstimate.of(spec, all.validation()));
    }

    private Optional<Facts> find(ExperimentSpec spec, List<Problem> problems) {
        try {
            return Optional.of(facts.find(spec, workers.largestMemoryBytes()));
        } catch (InvalidInputException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }
}
