package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PromptSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Disjoint subsets of an experiment's prompts: evaluation first, then one for each probe, one for each retrained probe,
 * and the pairs' last. Probes that are fitted on labelled texts have none.
 *
 * @param evaluation prompts of the final evaluation
 * @param probes prompts of each training and held-out probe
 * @param retrained prompts of each retrained probe
 * @param pairs prompts of the preference pairs, if there are any
 */
public record PromptAllocation(
        PromptSlice evaluation, List<PromptSlice> probes, List<PromptSlice> retrained, Optional<PromptSlice> pairs) {
    public PromptAllocation {
        probes = List.copyOf(probes);
        retrained = List.copyOf(retrained);
    }

    /** Every prompt that a probe is fitted on. */
    public PromptSlice fitted() {
        PromptSlice first = probes.getFirst();
        int count = Stream.concat(probes.stream(), retrained.stream())
                .mapToInt(PromptSlice::count)
                .sum();
        return new PromptSlice(
                first.dataset(),
                first.field(),
                first.where(),
                first.prefix(),
                first.template(),
                first.seed(),
                first.offset(),
                count);
    }

    /** Prompts that an experiment needs in all. */
    public static long required(ExperimentSpec spec) {
        boolean samples = spec.probes().labelledTexts() == null;
        long probes = samples
                ? (long) spec.probes().train()
                        + spec.probes().heldOut()
                        + spec.probes().retrained()
                : 0;
        int pairs = spec.pairs() == null ? 0 : spec.pairs().prompts();
        return spec.evaluation().prompts()
                + probes * spec.probes().promptsPerProbe() * PlanSeeds.probeSets(spec)
                + pairs;
    }

    /** Allocates one after the other in the order that the data seed gives; the first of the sets of probe prompts. */
    public static PromptAllocation of(ExperimentSpec spec, DatasetRevision dataset) {
        return of(spec, dataset, 0);
    }

    /**
     * The same with another set of probe prompts. The first stands where it would without others, which follow after everything
     * else, so that what does not depend on the probes stays the same.
     */
    static PromptAllocation of(ExperimentSpec spec, DatasetRevision dataset, int probeSet) {
        int evaluation = spec.evaluation().prompts();
        int perProbe = Math.toIntExact(spec.probes().promptsPerProbe());
        boolean samples = spec.probes().labelledTexts() == null;
        int fitted = samples ? spec.probes().train() + spec.probes().heldOut() : 0;
        int retrained = samples ? spec.probes().retrained() : 0;
        int set = (fitted + retrained) * perProbe;
        int pairPrompts = spec.pairs() == null ? 0 : spec.pairs().prompts();
        int from = probeSet == 0 ? evaluation : evaluation + set + pairPrompts + (probeSet - 1) * set;
        PromptSlice all = whole(spec, dataset);
        return new PromptAllocation(
                all.part(0, evaluation),
                parts(all, from, perProbe, fitted),
                parts(all, from + fitted * perProbe, perProbe, retrained),
                Optional.ofNullable(spec.pairs())
                        .filter(pairs -> pairs.prompts() > 0)
                        .map(pairs -> all.part(evaluation + set, pairs.prompts())));
    }

    /**
     * Every prompt that any seed's probes are fitted on; the same for all seeds, so that texts without them are too. Where there are
     * several sets, the pairs' prompts stand between them and are among these.
     */
    static PromptSlice fitted(ExperimentSpec spec, DatasetRevision dataset) {
        PromptSlice first = of(spec, dataset).fitted();
        return PlanSeeds.probeSets(spec) == 1
                ? first
                : whole(spec, dataset).part(first.offset(), Math.toIntExact(required(spec)) - first.offset());
    }

    /** Every prompt that an experiment draws, for all seeds. */
    public static PromptSlice whole(ExperimentSpec spec, DatasetRevision dataset) {
        PromptSpec prompts = spec.prompts();
        long seed = PlanSeeds.prompts(spec);
        return new PromptSlice(
                dataset,
                prompts.field(),
                prompts.where(),
                prompts.prefix(),
                prompts.template(),
                seed,
                0,
                Math.toIntExact(required(spec)));
    }

    private static List<PromptSlice> parts(PromptSlice all, int from, int size, int number) {
        List<PromptSlice> parts = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            parts.add(all.part(from + i * size, size));
        }
        return parts;
    }
}
