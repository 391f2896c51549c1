package io.goodhart.tuning.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.PairSpec.Ties;
import io.goodhart.testing.Fixtures;
import io.goodhart.tuning.Json;
import io.goodhart.tuning.pairs.PairRule.Choice;
import io.goodhart.tuning.pairs.PairRule.Preferred;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PairRuleGoldenTest {
    private static final Map<String, PairRule> RULES = Map.of(
            "chosen_lowest", new PairRule(Preferred.LOWEST, 0, Ties.DROP),
            "chosen_highest", new PairRule(Preferred.HIGHEST, 0, Ties.DROP),
            "chosen_lowest_margin_0.25", new PairRule(Preferred.LOWEST, 0.25, Ties.DROP));

    @Test
    void everyCaseGivesExactlyTheReferencePair() {
        JsonNode cases = Json.read(Fixtures.path("tuning/pairs/cases.json")).get("cases");
        assertThat(cases.size()).isGreaterThan(15);
        for (JsonNode one : cases) {
            RULES.forEach((name, rule) -> assertThat(rule.choose(new SplitMix(0), Json.numbers(one.get("scores"))))
                    .as("%s, %s", one.get("name").asString(), name)
                    .isEqualTo(expected(one.get(name))));
        }
    }

    private static Optional<Choice> expected(JsonNode pair) {
        return pair.isNull()
                ? Optional.empty()
                : Optional.of(new Choice(
                        pair.get("chosen").intValue(), pair.get("rejected").intValue(), Json.number(pair.get("gap"))));
    }
}
