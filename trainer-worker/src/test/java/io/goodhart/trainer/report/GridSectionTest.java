package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.ProbeAggregation;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GridSectionTest {
    private final Map<String, ArmSpec> arms = new LinkedHashMap<>();
    private final List<ArmReport> reports = new ArrayList<>();

    @BeforeEach
    void baseline() {
        add("baseline", new ArmSpec.None(), 0.22);
        add("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), 0.4);
    }

    private void add(String name, ArmSpec arm, @Nullable Double rate) {
        arms.put(name, arm);
        reports.add(new ArmReport(
                name,
                "method",
                "",
                ArmReport.Kind.TREATMENT,
                null,
                List.of(),
                rate == null ? null : behaviour(rate),
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                null,
                null));
    }

    private static ArmReport.Behaviour behaviour(double rate) {
        Estimate estimate = new Estimate(rate, null, null, List.of());
        return new ArmReport.Behaviour(estimate, estimate, 10, 0, 0, null, null);
    }

    private void sft(ProbeAggregation combine, double lambda, int probes, @Nullable Double rate) {
        add(combine + "-" + lambda, new ArmSpec.ProbeSft(lambda, probes, combine, null, null, null, null), rate);
    }

    @Test
    void laysOutArmsByAggregationAndLambda() {
        sft(ProbeAggregation.TIMED_SWITCH, 10, 10, 0.36);
        sft(ProbeAggregation.TIMED_SWITCH, 1, 10, 0.37);
        sft(ProbeAggregation.AVERAGE, 1, 10, null);
        AggregationGrid grid = GridSection.of(arms, reports).orElseThrow();
        assertThat(grid.aggregations()).containsExactly("timed_switch", "average");
        assertThat(grid.lambdas()).containsExactly(1.0, 10.0);
        assertThat(grid.mean("timed_switch").orElseThrow()).isEqualTo((0.36 + 0.37) / 2);
        assertThat(grid.rate("timed_switch", 10)).hasValue(0.36);
        assertThat(grid.rate("average", 1)).isEmpty();
    }

    @Test
    void isNoGridWhereSomethingElseDiffersOrOneSideIsSingle() {
        assertThat(GridSection.of(arms, reports)).isEmpty();
        sft(ProbeAggregation.AVERAGE, 1, 10, 0.4);
        sft(ProbeAggregation.AVERAGE, 10, 10, 0.4);
        assertThat(GridSection.of(arms, reports)).isEmpty();
        sft(ProbeAggregation.TIMED_SWITCH, 1, 5, 0.4);
        assertThat(GridSection.of(arms, reports)).isEmpty();
    }

    @Test
    void isNoGridWhereTwoArmsShareAPlace() {
        sft(ProbeAggregation.AVERAGE, 1, 10, 0.4);
        sft(ProbeAggregation.TIMED_SWITCH, 10, 10, 0.4);
        assertThat(GridSection.of(arms, reports)).isPresent();
        add("twice", new ArmSpec.ProbeSft(1.0, 10, ProbeAggregation.AVERAGE, null, null, null, null), 0.3);
        assertThat(GridSection.of(arms, reports)).isEmpty();
    }
}
