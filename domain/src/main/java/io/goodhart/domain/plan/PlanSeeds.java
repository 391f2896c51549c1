package io.goodhart.domain.plan;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.spec.ExperimentSpec;

/** Where each random source of an experiment gets its seed. Only training depends on the run's seed. */
final class PlanSeeds {
    private PlanSeeds() {}

    static long prompts(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "prompts");
    }

    static long texts(ExperimentSpec spec, String corpus) {
        return Seeds.derive(spec.dataSeed(), "texts/" + corpus);
    }

    static long responses(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "responses");
    }

    static long evaluation(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "evaluation");
    }

    static long randomLabels(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "random labels");
    }

    static long training(long runSeed) {
        return Seeds.derive(runSeed, "training");
    }
}
