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
 * and the pairs' last.
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
        long probes = (long) spec.probes().train()
                + spec.probes().heldOut()
                + spec.probes().retrained();
        int pairs = spec.pairs() == null ? 0 : spec.pairs().prompts();
        return spec.evaluation().prompts() + probes * spec.probes().promptsPerProbe() + pairs;
    }

    /** Allocates one after the other in the order that the data seed gives. */
    public static PromptAllocation of(ExperimentSpec spec, DatasetRevision dataset) {
        int evaluation = spec.evaluation().prompts();
        int perProbe = Math.toIntExact(spec.probes().promptsPerProbe());
        int fitted = spec.probes().train() + spec.probes().heldOut();
        int retrained = spec.probes().retrained();
        PromptSlice all = whole(spec, dataset);
        return new PromptAllocation(
                all.part(0, evaluation),
                parts(all, evaluation, perProbe, fitted),
                parts(all, evaluation + fitted * perProbe, perProbe, retrained),
                Optional.ofNullable(spec.pairs())
                        .filter(pairs -> pairs.prompts() > 0)
                        .map(pairs -> all.part(evaluation + (fitted + retrained) * perProbe, pairs.prompts())));
    }

    private static PromptSlice whole(ExperimentSpec spec, DatasetRevision dataset) {
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
