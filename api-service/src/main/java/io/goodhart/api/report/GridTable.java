package io.goodhart.api.report;

import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.AggregationGrid.Cell;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Wehner and Fritz' table 3: rates by aggregation and λ, with what was published in brackets. */
final class GridTable {
    private final Report report;

    GridTable(Report report) {
        this.report = report;
    }

    /** Empty unless the arms are such a grid. */
    Optional<Table> table() {
        AggregationGrid grid = report.grid();
        if (grid == null) {
            return Optional.empty();
        }
        AggregationGrid published = published(grid);
        List<String> columns = new ArrayList<>(List.of("aggregation"));
        grid.lambdas().forEach(lambda -> columns.add("λ = " + Numbers.plain(lambda)));
        columns.add("mean");
        List<List<String>> rows = new ArrayList<>();
        for (String aggregation : grid.aggregations()) {
            List<String> row = new ArrayList<>(List.of(aggregation.replace('_', ' ')));
            grid.lambdas()
                    .forEach(lambda ->
                            row.add(cell(grid.rate(aggregation, lambda), published.rate(aggregation, lambda), 3)));
            row.add(cell(grid.mean(aggregation), published.mean(aggregation), 4));
            rows.add(row);
        }
        return Optional.of(new Table("grid", "Aggregation and λ", caption(), columns, rows));
    }

    private String caption() {
        String without = Stream.of("none", "sft")
                .flatMap(method ->
                        report.arms().stream().filter(arm -> arm.method().equals(method)))
                .filter(arm -> ReportTables.rate(arm) != null)
                .map(arm -> "%s %s".formatted(arm.name(), beside(arm)))
                .collect(Collectors.joining(", "));
        return "Rate of " + report.behaviour()
                + " after probe-SFT, mean over seeds, by how several probes act together and by λ."
                + " The last column is the mean over λ."
                + (without.isEmpty() ? "" : " Without a probe: " + without + ".")
                + (report.reference() == null
                        ? ""
                        : " In brackets what was published: "
                                + report.reference().source() + ".");
    }

    private String beside(ArmReport arm) {
        Estimate rate = Objects.requireNonNull(ReportTables.rate(arm));
        ReferenceNumbers numbers = numbers().get(arm.name());
        return Numbers.beside(Numbers.fixed(rate.value(), 3), numbers == null ? null : numbers.rate());
    }

    /** The published rates at the places of the arms: the grid has one cell for each probe-SFT arm, in their order. */
    private AggregationGrid published(AggregationGrid grid) {
        List<ArmReport> arms = report.arms().stream()
                .filter(arm -> arm.method().equals("probe_sft"))
                .toList();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < Math.min(arms.size(), grid.cells().size()); i++) {
            Cell measured = grid.cells().get(i);
            ReferenceNumbers numbers = numbers().get(arms.get(i).name());
            cells.add(new Cell(measured.aggregation(), measured.lambda(), numbers == null ? null : numbers.rate()));
        }
        return new AggregationGrid(cells);
    }

    private Map<String, ReferenceNumbers> numbers() {
        return report.reference() == null ? Map.of() : report.reference().numbers();
    }

    private static String cell(OptionalDouble measured, OptionalDouble published, int decimals) {
        String text = measured.isPresent() ? Numbers.fixed(measured.getAsDouble(), decimals) : Numbers.ABSENT;
        return Numbers.beside(text, published.isPresent() ? published.getAsDouble() : null);
    }
}
