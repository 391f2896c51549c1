package io.goodhart.domain.plan;

import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ProbeSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Disjoint subsets of the labelled texts that probes are fitted on: one for each probe, then one for each retrained probe.
 *
 * @param probes texts of each training and held-out probe
 * @param retrained texts of each retrained probe
 */
public record ProbeTexts(List<TextPart> probes, List<TextPart> retrained) {
    public ProbeTexts {
        probes = List.copyOf(probes);
        retrained = List.copyOf(retrained);
    }

    /** Distinct texts that an experiment needs in all, if its probes are fitted on labelled texts. */
    public static long required(ExperimentSpec spec) {
        return PlanSeeds.probeSets(spec) * perSet(spec.probes());
    }

    private static long perSet(ProbeSpec probes) {
        return ((long) probes.train() + probes.heldOut() + probes.retrained()) * probes.promptsPerProbe();
    }

    /** One of the disjoint sets that seeds use. */
    static ProbeTexts of(ExperimentSpec spec, TextSlice all, int probeSet) {
        ProbeSpec probes = spec.probes();
        int size = Math.toIntExact(probes.promptsPerProbe());
        int from = Math.toIntExact(probeSet * perSet(probes));
        int fitted = probes.train() + probes.heldOut();
        return new ProbeTexts(
                parts(all, from, size, fitted), parts(all, from + fitted * size, size, probes.retrained()));
    }

    private static List<TextPart> parts(TextSlice all, int from, int size, int number) {
        List<TextPart> parts = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int start = from + i * size;
            parts.add(new TextPart(all.first(start + size), start));
        }
        return parts;
    }

    /** Every text that a probe is fitted on. */
    public TextPart fitted() {
        TextPart last = (retrained.isEmpty() ? probes : retrained).getLast();
        return new TextPart(last.texts(), probes.getFirst().from());
    }
}
