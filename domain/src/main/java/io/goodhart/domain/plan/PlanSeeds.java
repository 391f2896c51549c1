package io.goodhart.domain.plan;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.SeedFactor;

/**
 * Where each random source of an experiment gets its seed. What the run's seed does not vary comes from the data seed, so runs whose
 * sources are equal share their tasks. The texts that every model reads always come from the data seed: a seed that varied them
 * would compare models on different texts.
 *
 * @param data seed of what no run varies
 * @param sampling seed of candidates and of the responses that an evaluation measures
 * @param probeSet which of the disjoint sets of probe prompts is used; 0 unless seeds vary the probes
 */
record PlanSeeds(long data, long sampling, int probeSet) {
    /** The sources of one run. */
    static PlanSeeds of(ExperimentSpec spec, long runSeed) {
        return new PlanSeeds(
                spec.dataSeed(),
                spec.varies(SeedFactor.SAMPLING) ? runSeed : spec.dataSeed(),
                spec.varies(SeedFactor.PROBES) ? spec.seeds().indexOf(runSeed) : 0);
    }

    /** How many disjoint sets of probe prompts there are. */
    static int probeSets(ExperimentSpec spec) {
        return spec.varies(SeedFactor.PROBES) ? Math.max(1, spec.seeds().size()) : 1;
    }

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

    /** Labelled texts that probes are fitted on. */
    static long probeTexts(ExperimentSpec spec) {
        return Seeds.derive(spec.dataSeed(), "texts/probes");
    }

    static long corpus(ExperimentSpec spec, String name) {
        return Seeds.derive(spec.dataSeed(), "texts/perplexity/" + name);
    }

    /** Starts of fits that draw some; 0 where none does, so that it does not matter to the key. */
    static long probes(ExperimentSpec spec) {
        return spec.probes().drawsRandomly() ? Seeds.derive(spec.dataSeed(), "probes") : 0;
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

    /** Responses that probes are fitted on. */
    long probeResponses() {
        return Seeds.derive(data, "responses");
    }

    /** Responses that pairs are made of. */
    long candidates() {
        return Seeds.derive(sampling, "responses");
    }

    /** Responses that every model reads. */
    long fixedTexts() {
        return Seeds.derive(data, "evaluation");
    }

    /** Responses that an evaluation measures. */
    long evaluation() {
        return Seeds.derive(sampling, "evaluation");
    }

    /** Whether an evaluation measures other responses than those that every model reads. */
    boolean variesSampling() {
        return evaluation() != fixedTexts();
    }
}
