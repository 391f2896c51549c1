package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.CurvePoint;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ArmSpec.BestOfN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What choosing among more responses does. */
final class BestOfNTable {
    static final String METHOD = "best_of_n";

    private final Report report;

    BestOfNTable(Report report) {
        this.report = report;
    }

    /** One row per arm and number of responses. */
    Table table() {
        List<String> columns = new ArrayList<>(List.of("arm", "best of", "KL, at most", "rate", "mean score"));
        for (ProbeGroup group : ProbeGroup.values()) {
            columns.add("AUC " + Words.of(group));
        }
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            if (arm.method().equals(METHOD)) {
                points(arm).forEach(point -> rows.add(row(arm, point)));
            }
        }
        return new Table(
                "best-of-n",
                "Best of the first n responses",
                "Of each prompt's first n responses the one with the lowest label, out of the same responses for every n; mean over seeds."
                        + " Best of 1: the untrained model. KL: bound on the divergence from it, log n − (n − 1)/n nats a response."
                        + " AUC: of the frozen probes on the chosen responses.",
                2,
                columns,
                rows);
    }

    private static List<Integer> points(ArmReport arm) {
        return arm.curves().stream()
                .filter(curve -> curve.quantity() == Quantity.RATE)
                .flatMap(curve -> curve.points().stream())
                .map(CurvePoint::point)
                .toList();
    }

    private static List<String> row(ArmReport arm, int n) {
        List<String> row = new ArrayList<>(List.of(
                arm.name(),
                String.valueOf(n),
                Numbers.fixed(BestOfN.klBound(n), 3),
                Numbers.fixed(at(arm, Quantity.RATE, null, n), 3),
                Numbers.fixed(at(arm, Quantity.MEAN_SCORE, null, n), 3)));
        Arrays.stream(ProbeGroup.values())
                .map(group -> Numbers.fixed(at(arm, Quantity.AUROC, group, n), 3))
                .forEach(row::add);
        return row;
    }

    private static @Nullable Double at(ArmReport arm, Quantity quantity, @Nullable ProbeGroup group, int n) {
        return arm.curves().stream()
                .filter(curve -> curve.quantity() == quantity
                        && curve.group() == group
                        && (curve.set() == null || curve.set() == TextSet.OWN))
                .map(Curve::points)
                .flatMap(List::stream)
                .filter(point -> point.point() == n)
                .map(CurvePoint::mean)
                .findFirst()
                .orElse(null);
    }
}
