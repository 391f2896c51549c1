package io.goodhart.probing.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.statistics.HanleyMcNeil;
import io.goodhart.domain.statistics.Holm;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.PairedT;
import io.goodhart.domain.statistics.Wilson;
import io.goodhart.probing.Golden;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class InferenceGoldenTest {
    private static final JsonNode INFERENCE = Golden.json("inference.json");

    @Test
    void wilsonIntervalsAreThoseOfTheReference() {
        for (JsonNode row : INFERENCE.get("wilson")) {
            Optional<Interval> actual =
                    Wilson.of(row.get("successes").intValue(), row.get("n").intValue(), 0.95);
            assertThat(actual.isEmpty()).isEqualTo(row.get("ci95").isNull());
            actual.ifPresent(interval -> assertInterval(interval, row.get("ci95")));
        }
    }

    @Test
    void holmAdjustsAsTheReference() {
        for (JsonNode row : INFERENCE.get("holm")) {
            double[] adjusted = Holm.adjusted(Golden.doubles(row.get("p")));
            assertThat(adjusted).containsExactly(Golden.doubles(row.get("adjusted")), Offset.offset(Golden.EXACT));
            for (int i = 0; i < adjusted.length; i++) {
                assertThat(adjusted[i] <= 0.05)
                        .isEqualTo(row.get("rejected_at_0.05").get(i).booleanValue());
            }
        }
    }

    @Test
    void pairedTestsOverSeedsAreThoseOfScipy() {
        for (JsonNode row : INFERENCE.get("paired_over_seeds")) {
            double[] differences = Golden.doubles(row.get("differences"));
            Optional<PairedT> test = PairedT.of(differences);
            assertThat(test.isEmpty()).isEqualTo(row.get("t").isNull());
            test.ifPresent(t -> {
                assertThat(t.mean()).isCloseTo(row.get("mean").doubleValue(), within(Golden.EXACT));
                assertThat(t.t()).isCloseTo(row.get("t").doubleValue(), within(Golden.EXACT));
                assertThat(t.p()).isCloseTo(row.get("t_p_two_sided").doubleValue(), within(Golden.EXACT));
                assertThat(t.degreesOfFreedom()).isEqualTo(row.get("df").intValue());
                assertInterval(t.interval(0.95), row.get("t_ci95"));
            });
        }
    }

    @Test
    void hanleyMcNeilErrorsAreThoseOfTheReference() {
        for (JsonNode row : INFERENCE.get("hanley_mcneil")) {
            assertThat(HanleyMcNeil.standardError(
                                    row.get("auc").doubleValue(),
                                    row.get("positives").intValue(),
                                    row.get("negatives").intValue())
                            .orElseThrow())
                    .isCloseTo(row.get("se").doubleValue(), within(Golden.EXACT));
        }
    }

    private static void assertInterval(Interval actual, JsonNode expected) {
        assertThat(actual.lower()).isCloseTo(expected.get(0).doubleValue(), within(Golden.EXACT));
        assertThat(actual.upper()).isCloseTo(expected.get(1).doubleValue(), within(Golden.EXACT));
    }
}
