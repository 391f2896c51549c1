package io.goodhart.trainer.report;

import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.CurvePoint;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.trainer.report.ReportArms.Arm;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Quantities over the evaluation points, mean and range over seeds. */
final class CurveSection {
    private static final List<ProbeGroup> GROUPS = List.of(ProbeGroup.TRAIN, ProbeGroup.HELD_OUT, ProbeGroup.RETRAINED);
    private static final List<TextSet> SETS = List.of(TextSet.FIXED, TextSet.OWN, TextSet.LABELLED);

    private CurveSection() {}

    static List<Curve> of(Arm arm) {
        List<Curve> curves = new ArrayList<>();
        if (arm.isBaseline()) {
            return curves;
        }
        add(curves, arm, new Curve(Quantity.RATE, null, null, null, List.of()), CurveSection::rate);
        add(
                curves,
                arm,
                new Curve(Quantity.MEAN_SCORE, null, null, null, List.of()),
                e -> OptionalDouble.of(e.meanScore()));
        for (ProbeGroup group : GROUPS) {
            for (TextSet set : SETS) {
                add(curves, arm, new Curve(Quantity.AUROC, group, set, null, List.of()), e -> auroc(e, group, set));
            }
        }
        for (String corpus : corpora(arm)) {
            add(curves, arm, new Curve(Quantity.PERPLEXITY, null, null, corpus, List.of()), e -> perToken(e, corpus));
        }
        return curves;
    }

    /** A curve of one point is the start alone, and shows nothing. */
    private static void add(List<Curve> curves, Arm arm, Curve empty, Function<Evaluation, OptionalDouble> value) {
        SortedMap<Integer, DoubleSummaryStatistics> points = new TreeMap<>();
        arm.runs()
                .forEach(run -> run.result()
                        .points()
                        .forEach((point, evaluation) -> value.apply(evaluation)
                                .ifPresent(v -> points.computeIfAbsent(point, p -> new DoubleSummaryStatistics())
                                        .accept(v))));
        if (points.size() > 1) {
            List<CurvePoint> means = new ArrayList<>();
            points.forEach((point, s) ->
                    means.add(new CurvePoint(point, s.getAverage(), s.getMin(), s.getMax(), (int) s.getCount())));
            curves.add(new Curve(empty.quantity(), empty.group(), empty.set(), empty.corpus(), means));
        }
    }

    private static OptionalDouble rate(Evaluation e) {
        return e.prompts() == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) e.positives() / e.prompts());
    }

    /** Mean over the group's probes. At the untrained start, its own texts are the fixed ones. */
    private static OptionalDouble auroc(Evaluation e, ProbeGroup group, TextSet set) {
        OptionalDouble mean = meanAuroc(e, group, set);
        boolean start = e.probes().stream().noneMatch(reading -> reading.set() == TextSet.FIXED);
        return mean.isEmpty() && set == TextSet.FIXED && start ? meanAuroc(e, group, TextSet.OWN) : mean;
    }

    private static OptionalDouble meanAuroc(Evaluation e, ProbeGroup group, TextSet set) {
        return e.probes().stream()
                .filter(reading -> reading.role() == ReportArms.role(group)
                        && reading.set() == set
                        && reading.transfer() == Transfer.FROZEN)
                .map(Evaluation.ProbeReading::auroc)
                .filter(Objects::nonNull)
                .mapToDouble(auroc -> auroc)
                .average();
    }

    private static OptionalDouble perToken(Evaluation e, String corpus) {
        Evaluation.@Nullable Perplexity perplexity = e.perplexity().get(corpus);
        return perplexity == null ? OptionalDouble.empty() : OptionalDouble.of(perplexity.perToken());
    }

    private static SequencedSet<String> corpora(Arm arm) {
        SequencedSet<String> corpora = new LinkedHashSet<>();
        arm.runs()
                .forEach(run -> run.result()
                        .points()
                        .values()
                        .forEach(e -> corpora.addAll(e.perplexity().keySet())));
        return corpora;
    }
}
