package io.goodhart.tuning.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.testing.Fixtures;
import io.goodhart.tuning.Json;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ScheduleGoldenTest {
    /** Both sides compute in float64; only the order of operations differs. */
    private static final double RELATIVE = 1e-12;

    @Test
    void everyRateEqualsTransformersRate() {
        JsonNode schedules =
                Json.read(Fixtures.path("tuning/optim/schedules.json")).get("schedules");
        assertThat(schedules.size()).isEqualTo(6);
        for (Map.Entry<String, JsonNode> entry : schedules.properties()) {
            JsonNode golden = entry.getValue();
            double base = golden.get("base_learning_rate").doubleValue();
            Optimization optimization = new Optimization(
                    OptimizerRule.AdamW.standard(), base, schedule(entry.getKey(), golden.path("options")), 1);
            double[] expected = Json.numbers(golden.get("learning_rate_of_update_k"));
            for (int k = 0; k < expected.length; k++) {
                assertThat(optimization.learningRateOf(k))
                        .as("%s, update %d", entry.getKey(), k)
                        .isCloseTo(expected[k], Offset.offset(RELATIVE * base));
            }
        }
    }

    private static Schedule schedule(String name, JsonNode options) {
        int warmup = options.path("num_warmup_steps").asInt(0);
        int total = options.path("num_training_steps").asInt(0);
        return switch (name) {
            case "constant", "constant_with_warmup" -> new Schedule.Constant(warmup);
            case "linear", "linear_no_warmup" -> new Schedule.Linear(warmup, total, 0);
            case "cosine" -> new Schedule.Cosine(warmup, total, 0);
            case "warmup_then_constant_plus_one" -> new Schedule.ConstantAfterEarlyWarmup(warmup);
            default -> throw new IllegalArgumentException("No schedule for " + name);
        };
    }
}
