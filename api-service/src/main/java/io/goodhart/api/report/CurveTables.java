package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.CurvePoint;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceCurves;
import io.goodhart.domain.spec.ReferenceNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The curves over evaluation points as numbers, for those who cannot see the figures and for forms that have none. */
final class CurveTables {
    private final Report report;

    CurveTables(Report report) {
        this.report = report;
    }

    /** One for each family that has curves (Wehner and Fritz' figures 2 and 3). */
    List<Table> all() {
        return Arrays.stream(CurveFamily.values()).map(this::table).toList();
    }

    private Table table(CurveFamily family) {
        List<ArmReport> arms = report.arms().stream().filter(family::includes).toList();
        SortedSet<Integer> points = new TreeSet<>();
        arms.forEach(arm -> arm.curves().forEach(curve -> curve.points().forEach(point -> points.add(point.point()))));
        List<String> columns = new ArrayList<>(List.of("arm", "at point"));
        points.forEach(point -> columns.add(String.valueOf(point)));
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : arms) {
            for (Curve curve : arm.curves()) {
                rows.add(row(arm, curve, points));
                List<Double> published = published(arm, curve);
                if (!published.isEmpty()) {
                    rows.add(published(arm, published, points));
                }
            }
        }
        return new Table(
                "curves-" + family.name().toLowerCase(Locale.ROOT),
                "Over training: " + family.title(),
                "Means over seeds at the evaluation points, from the untrained start to the end. These evaluations have fewer prompts"
                        + " and texts than the final one: their last point is not the final result."
                        + source(arms),
                2,
                columns,
                rows);
    }

    private List<String> row(ArmReport arm, Curve curve, SortedSet<Integer> points) {
        List<String> row = new ArrayList<>(List.of(arm.name(), name(curve)));
        for (int at : points) {
            row.add(curve.points().stream()
                    .filter(point -> point.point() == at)
                    .findFirst()
                    .map(point -> number(curve, point))
                    .orElse(Numbers.ABSENT));
        }
        return row;
    }

    private static List<String> published(ArmReport arm, List<Double> values, SortedSet<Integer> points) {
        List<String> row = new ArrayList<>(List.of(arm.name(), "– published"));
        for (int at : points) {
            row.add(at < values.size() ? Numbers.plain(values.get(at)) : Numbers.ABSENT);
        }
        return row;
    }

    /** What was published of this curve, in the order of the points; retrained probes are fitted anew at each point, as refit ones here. */
    private List<Double> published(ArmReport arm, Curve curve) {
        ReferenceCurves curves = curves(arm);
        if (curves == null) {
            return List.of();
        }
        return switch (curve.quantity()) {
            case RATE -> curves.rate();
            case MEAN_SCORE -> List.of();
            case PERPLEXITY -> curves.perplexity().getOrDefault(String.valueOf(curve.corpus()), List.of());
            case AUROC ->
                curve.set() == TextSet.OWN ? auroc(arm, curves, Objects.requireNonNull(curve.group())) : List.of();
        };
    }

    /** The paper's training probes are those that the arm's training saw. */
    private static List<Double> auroc(ArmReport arm, ReferenceCurves curves, ProbeGroup group) {
        boolean sawSome = arm.curves().stream().anyMatch(curve -> curve.group() == ProbeGroup.SEEN);
        return switch (group) {
            case SEEN -> curves.aurocTrain();
            case TRAIN -> sawSome ? List.of() : curves.aurocTrain();
            case HELD_OUT -> curves.aurocHeldOut();
            case REFITTED -> curves.aurocRetrained();
            case RETRAINED, CONTROL -> List.of();
        };
    }

    private @Nullable ReferenceCurves curves(ArmReport arm) {
        ReferenceNumbers numbers =
                report.reference() == null ? null : report.reference().numbers().get(arm.name());
        return numbers == null ? null : numbers.overTraining();
    }

    private String source(List<ArmReport> arms) {
        return arms.stream().allMatch(arm -> curves(arm) == null)
                ? ""
                : " Published: %s. It is another model's, on other data; its retrained probes stand beside refit ones."
                        .formatted(Objects.requireNonNull(report.reference()).source());
    }

    private String name(Curve curve) {
        return switch (curve.quantity()) {
            case RATE -> report.behaviour() + " rate";
            case MEAN_SCORE -> "mean score";
            case AUROC ->
                "AUC %s, %s"
                        .formatted(
                                Words.of(Objects.requireNonNull(curve.group())),
                                Words.of(Objects.requireNonNull(curve.set())));
            case PERPLEXITY -> "PPL " + curve.corpus();
        };
    }

    private static String number(Curve curve, CurvePoint point) {
        return curve.quantity() == Curve.Quantity.PERPLEXITY
                ? Numbers.compact(point.mean())
                : Numbers.fixed(point.mean(), 3);
    }
}
