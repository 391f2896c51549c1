package io.goodhart.domain.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregationGridTest {
    /** Wehner and Fritz 2025, table 3, with its last column. */
    @Test
    void meansAreThoseOfThePaper() {
        AggregationGrid grid = new AggregationGrid(
                List.of("average", "random_switch", "timed_switch"),
                List.of(1.0, 10.0, 100.0, 1000.0),
                List.of(
                        List.of(0.36, 0.42, 0.39, 0.38),
                        List.of(0.38, 0.39, 0.41, 0.39),
                        List.of(0.37, 0.36, 0.32, 0.34)));
        assertThat(grid.mean(0).orElseThrow()).isCloseTo(0.3875, within(1e-12));
        assertThat(grid.mean(1).orElseThrow()).isCloseTo(0.3925, within(1e-12));
        assertThat(grid.mean(2).orElseThrow()).isCloseTo(0.3475, within(1e-12));
    }

    @Test
    void aRowWithAGapHasNoMean() {
        AggregationGrid grid =
                new AggregationGrid(List.of("average"), List.of(1.0, 10.0), List.of(Arrays.asList(0.4, null)));
        assertThat(grid.mean(0)).isEmpty();
    }
}
