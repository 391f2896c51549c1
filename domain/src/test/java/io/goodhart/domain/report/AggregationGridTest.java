package io.goodhart.domain.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.report.AggregationGrid.Cell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregationGridTest {
    private static final double[] LAMBDAS = {1, 10, 100, 1000};

    private static List<Cell> row(String aggregation, double... rates) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            cells.add(new Cell(aggregation, LAMBDAS[i], rates[i]));
        }
        return cells;
    }

    /** Wehner and Fritz 2025, table 3, with its last column. */
    @Test
    void meansAreThoseOfThePaper() {
        List<Cell> cells = row("average", 0.36, 0.42, 0.39, 0.38);
        cells.addAll(row("random_switch", 0.38, 0.39, 0.41, 0.39));
        cells.addAll(row("timed_switch", 0.37, 0.36, 0.32, 0.34));
        AggregationGrid grid = new AggregationGrid(cells);
        assertThat(grid.aggregations()).containsExactly("average", "random_switch", "timed_switch");
        assertThat(grid.lambdas()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(grid.mean("average").orElseThrow()).isCloseTo(0.3875, within(1e-12));
        assertThat(grid.mean("random_switch").orElseThrow()).isCloseTo(0.3925, within(1e-12));
        assertThat(grid.mean("timed_switch").orElseThrow()).isCloseTo(0.3475, within(1e-12));
    }

    @Test
    void aRowWithAGapHasNoMean() {
        AggregationGrid grid = new AggregationGrid(
                List.of(new Cell("average", 1, 0.4), new Cell("average", 10, null), new Cell("min", 1, 0.3)));
        assertThat(grid.mean("average")).isEmpty();
        assertThat(grid.mean("min")).isEmpty();
        assertThat(grid.rate("min", 1)).hasValue(0.3);
        assertThat(grid.rate("min", 10)).isEmpty();
    }
}
