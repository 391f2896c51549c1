package io.goodhart.api.experiment;

import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.MemoryEstimate;
import java.util.List;

/** A specification in which nothing is wrong, and what it would compute. */
record CheckedExperiment(
        ExperimentSpec spec, Plan plan, List<Problem> warnings, MemoryEstimate memory, PlannedCost cost) {
    CheckedExperiment {
        warnings = List.copyOf(warnings);
    }
}
