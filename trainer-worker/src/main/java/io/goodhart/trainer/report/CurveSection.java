package io.goodhart.trainer.report;

import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.CurvePoint;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.trainer.report.ReportArms.Arm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Quantities over the evaluation points, mean and range over seeds. */
final class CurveSection {
    private static final List<ProbeGroup> GROUPS = List.of(ProbeGroup.values());
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
                e -> Optional.of(new Value(e.meanScore(), null)));
        for (ProbeGroup group : GROUPS) {
            for (TextSet set : SETS) {
                add(
                        curves,
                        arm,
                        new Curve(Quantity.AUROC, group, set, null, List.of()),
                        e -> auroc(arm, e, group, set));
            }
        }
        for (String corpus : corpora(arm)) {
            add(curves, arm, new Curve(Quantity.PERPLEXITY, null, null, corpus, List.of()), e -> perToken(e, corpus));
        }
        return curves;
    }

    /** @param fewest texts of the rarer class that it rests on, if it rests on classes */
    private record Value(double value, @Nullable Integer fewest) {}

    /** A curve of one point is the start alone, and shows nothing. */
    private static void add(List<Curve> curves, Arm arm, Curve empty, Function<Evaluation, Optional<Value>> value) {
        SortedMap<Integer, List<Value>> points = new TreeMap<>();
        arm.runs()
                .forEach(run -> run.result()
                        .points()
                        .forEach((point, evaluation) -> value.apply(evaluation)
                                .ifPresent(v -> points.computeIfAbsent(point, p -> new ArrayList<>())
                                        .add(v))));
        if (points.size() > 1) {
            List<CurvePoint> means = new ArrayList<>();
            points.forEach((point, values) -> means.add(overSeeds(point, values)));
            curves.add(new Curve(empty.quantity(), empty.group(), empty.set(), empty.corpus(), means));
        }
    }

    private static CurvePoint overSeeds(int point, List<Value> values) {
        DoubleSummaryStatistics s = values.stream().mapToDouble(Value::value).summaryStatistics();
        Integer fewest = values.stream()
                .map(Value::fewest)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new CurvePoint(point, s.getAverage(), s.getMin(), s.getMax(), values.size(), fewest);
    }

    private static Optional<Value> rate(Evaluation e) {
        return e.prompts() == 0 ? Optional.empty() : Optional.of(new Value((double) e.positives() / e.prompts(), null));
    }

    /** Mean over the group's probes. At the untrained start of a training, its own texts are the fixed ones. */
    private static Optional<Value> auroc(Arm arm, Evaluation e, ProbeGroup group, TextSet set) {
        Optional<Value> mean = meanAuroc(arm, e, group, set);
        boolean start = arm.spec().trains() && e.probes().stream().noneMatch(reading -> reading.set() == TextSet.FIXED);
        return mean.isEmpty() && set == TextSet.FIXED && start ? meanAuroc(arm, e, group, TextSet.OWN) : mean;
    }

    private static Optional<Value> meanAuroc(Arm arm, Evaluation e, ProbeGroup group, TextSet set) {
        List<ProbeReading> readings = e.probes().stream()
                .filter(reading -> reading.role() == group.role()
                        && reading.set() == set
                        && reading.transfer() == Transfer.FROZEN
                        && reading.auroc() != null)
                .toList();
        int seen = arm.seenProbes();
        List<ProbeReading> ofGroup = group == ProbeGroup.SEEN
                ? readings.stream()
                        .filter(reading -> reading.index() < seen && seen < readings.size())
                        .toList()
                : readings;
        return ofGroup.isEmpty() ? Optional.empty() : Optional.of(mean(ofGroup));
    }

    private static Value mean(List<ProbeReading> readings) {
        double mean = readings.stream()
                .map(ProbeReading::auroc)
                .filter(Objects::nonNull)
                .mapToDouble(auroc -> auroc)
                .average()
                .orElseThrow();
        int fewest = readings.stream()
                .mapToInt(reading -> Math.min(reading.positives(), reading.texts() - reading.positives()))
                .min()
                .orElseThrow();
        return new Value(mean, fewest);
    }

    private static Optional<Value> perToken(Evaluation e, String corpus) {
        Evaluation.@Nullable Perplexity perplexity = e.perplexity().get(corpus);
        return perplexity == null ? Optional.empty() : Optional.of(new Value(perplexity.perToken(), null));
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
