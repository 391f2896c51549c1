package io.goodhart.domain.report;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Behaviour rates of probe-SFT by aggregation and λ (Wehner and Fritz 2025, table 3).
 *
 * @param aggregations the rows
 * @param lambdas the columns, ascending
 * @param rates [row][column]; null where no arm was measured
 */
public record AggregationGrid(List<String> aggregations, List<Double> lambdas, List<List<@Nullable Double>> rates) {
    public AggregationGrid {
        aggregations = List.copyOf(aggregations);
        lambdas = List.copyOf(lambdas);
        rates = List.copyOf(rates);
    }

    /** Mean over λ of one aggregation's rates; empty if a rate is missing, because means over different λ do not compare. */
    public OptionalDouble mean(int aggregation) {
        double sum = 0;
        for (Double rate : rates.get(aggregation)) {
            if (rate == null) {
                return OptionalDouble.empty();
            }
            sum += rate;
        }
        return OptionalDouble.of(sum / lambdas.size());
    }
}
