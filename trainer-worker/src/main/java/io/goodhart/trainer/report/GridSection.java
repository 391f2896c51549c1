package io.goodhart.trainer.report;

import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.ProbeSft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Lays out probe-SFT arms that differ by aggregation and λ alone as a table of both. */
final class GridSection {
    private GridSection() {}

    /** Empty unless there are two aggregations and two λ, and nothing else differs between the arms. */
    static Optional<AggregationGrid> of(Map<String, ArmSpec> arms, List<ArmReport> reports) {
        Map<String, Map<Double, @Nullable Double>> rates = new LinkedHashMap<>();
        TreeSet<Double> lambdas = new TreeSet<>();
        ProbeSft first = null;
        for (ArmReport report : reports) {
            if (!(arms.get(report.name()) instanceof ProbeSft sft)) {
                continue;
            }
            first = first == null ? sft : first;
            if (!alike(first, sft)) {
                return Optional.empty();
            }
            lambdas.add(sft.lambda());
            Map<Double, @Nullable Double> row =
                    rates.computeIfAbsent(sft.combine().name().toLowerCase(Locale.ROOT), name -> new TreeMap<>());
            if (row.containsKey(sft.lambda())) {
                return Optional.empty();
            }
            row.put(sft.lambda(), rate(report));
        }
        if (rates.size() < 2 || lambdas.size() < 2) {
            return Optional.empty();
        }
        List<Double> columns = List.copyOf(lambdas);
        List<List<@Nullable Double>> cells = new ArrayList<>();
        for (Map<Double, @Nullable Double> row : rates.values()) {
            List<@Nullable Double> values = new ArrayList<>();
            columns.forEach(lambda -> values.add(row.get(lambda)));
            cells.add(values);
        }
        return Optional.of(new AggregationGrid(List.copyOf(rates.keySet()), columns, cells));
    }

    private static boolean alike(ProbeSft a, ProbeSft b) {
        return a.probes().equals(b.probes())
                && a.switchEvery().equals(b.switchEvery())
                && a.output() == b.output()
                && a.activations() == b.activations()
                && a.training().equals(b.training());
    }

    private static @Nullable Double rate(ArmReport report) {
        return report.behaviour() == null ? null : report.behaviour().rate().value();
    }
}
