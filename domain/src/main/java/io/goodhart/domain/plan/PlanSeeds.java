package io.goodhart.domain.plan;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.spec.ExperimentSpec;

/** Where each random source of an experiment gets its seed. Only training, and the labels of
 * an arm that is labelled at random, depend on the run's seed. */
final class PlanSeeds {
    private PlanSeeds() {}

    static long prompts(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "prompts");
    }

    static long trainingTexts(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "texts/training");
    }

    static long pairs(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "pairs/dataset");
    }

    static long labelledTexts(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "texts/labelled");
    }

    static long corpus(ExperimentSpec spec, String name) {
        return Seeds.derive(spec.dataSeed(), "texts/perplexity/" + name);
    }

    static long responses(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "responses");
    }

    /** 0 where no fit draws anything, so that it does not matter to the key. */
    static long probes(ExperimentSpec spec) {
        return spec.probes().drawsRandomly() ? Seeds.derive(spec.dataSeed(), "probes") : 0;
    }

    static long evaluation(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "evaluation");
    }

    static long randomLabels(long runSeed) {
        return Seeds.derive(runSeed, "random labels");
    }

    static long ties(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "ties");
    }

    static long training(long runSeed) {
        return Seeds.derive(runSeed, "training");
    }
}
