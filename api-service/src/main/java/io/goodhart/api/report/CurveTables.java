package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.CurvePoint;
import io.goodhart.domain.report.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

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
            arm.curves().forEach(curve -> rows.add(row(arm, curve, points)));
        }
        return new Table(
                "curves-" + family.name().toLowerCase(Locale.ROOT),
                "Over training: " + family.title(),
                "Means over seeds at the evaluation points, from the untrained start to the end. These evaluations have fewer prompts"
                        + " and texts than the final one: their last point is not the final result.",
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
