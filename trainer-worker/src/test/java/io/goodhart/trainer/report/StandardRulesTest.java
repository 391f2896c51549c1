package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.SeedFactor;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardRulesTest {
    private static List<String> saidOf(ResponseSpec ofProbes) {
        List<String> said = StandardRules.rules(List.of(SeedFactor.TRAINING), ofProbes, false)
                .statements();
        return said.stream()
                .filter(rule -> !StandardRules.RULES.statements().contains(rule))
                .toList();
    }

    @Test
    void responsesThatProbesAloneAreFittedOnAreTold() {
        assertThat(saidOf(new ResponseSpec(64, 0.0, 0, 1.0)))
                .singleElement()
                .satisfies(rule ->
                        assertThat(rule).contains("retrained and refit probes too: greedily, at most 64 new tokens."));
        assertThat(saidOf(new ResponseSpec(8, 0.7, 40, 0.9)))
                .singleElement()
                .satisfies(rule -> assertThat(rule)
                        .contains("too: at temperature 0.7, top_k 40, top_p 0.9, at most 8 new tokens."));
    }

    @Test
    void coverageStaysLast() {
        assertThat(StandardRules.rules(List.of(SeedFactor.TRAINING), ResponseSpec.DEFAULTS, false)
                        .statements()
                        .getLast())
                .isEqualTo(StandardRules.RULES.statements().getLast())
                .startsWith("A seed varies");
    }
}
