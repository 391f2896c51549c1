package io.goodhart.domain.report;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Behaviour rates of probe-SFT by aggregation and λ (Wehner and Fritz 2025, table 3).
 *
 * @param cells one per arm, at most one for each aggregation and λ
 */
public record AggregationGrid(List<Cell> cells) {
    public AggregationGrid {
        cells = List.copyOf(cells);
    }

    /**
     * One arm.
     *
     * @param rate absent if nothing was measured
     */
    public record Cell(
            String aggregation, double lambda, @Nullable Double rate) {}

    /** In the order of the arms. */
    public List<String> aggregations() {
        return cells.stream().map(Cell::aggregation).distinct().toList();
    }

    /** Ascending. */
    public List<Double> lambdas() {
        return cells.stream().map(Cell::lambda).distinct().sorted().toList();
    }

    /** Rate of one aggregation at one λ; empty if there is none. */
    public OptionalDouble rate(String aggregation, double lambda) {
        for (Cell cell : cells) {
            if (cell.aggregation().equals(aggregation) && cell.lambda() == lambda && cell.rate() != null) {
                return OptionalDouble.of(cell.rate());
            }
        }
        return OptionalDouble.empty();
    }

    /** Mean over λ of one aggregation's rates; empty if a rate is missing, because means over different λ do not compare. */
    public OptionalDouble mean(String aggregation) {
        List<OptionalDouble> rates =
                lambdas().stream().map(lambda -> rate(aggregation, lambda)).toList();
        return rates.stream().allMatch(OptionalDouble::isPresent)
                ? rates.stream().mapToDouble(OptionalDouble::getAsDouble).average()
                : OptionalDouble.empty();
    }
}
