package io.goodhart.tuning.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.testing.Fixtures;
import io.goodhart.tuning.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ParameterUpdaterGoldenTest {
    /** The fixture's own tolerance for float64. */
    private static final double TOLERANCE = 1e-12;

    static Stream<Map.Entry<String, JsonNode>> runs() {
        return Json.read(Fixtures.path("tuning/optim/optimizers.json")).get("runs").properties().stream();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyUpdateEqualsPyTorchs(Map.Entry<String, JsonNode> entry) {
        JsonNode run = entry.getValue();
        JsonNode options = run.get("options");
        double limit = run.get("max_grad_norm").isNull()
                ? Double.POSITIVE_INFINITY
                : run.get("max_grad_norm").doubleValue();
        try (Scope _ = Scope.open()) {
            Tensor a = matrix(run.get("A"));
            Tensor target = matrix(run.get("target"));
            Tensor w = matrix(run.get("start").get("w")).requireGradient();
            double[] start = Json.numbers(run.get("start").get("c"));
            Tensor c = Tensors.of(start, start.length).requireGradient();
            SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
            parameters.put("w", w);
            parameters.put("c", c);
            try (ParameterUpdater updater =
                    ParameterUpdater.of(rule(run.get("optimizer").asString(), options), parameters)) {
                for (JsonNode step : run.get("steps")) {
                    updater.zeroGradients();
                    try (Scope _ = Scope.open();
                            Autograd.Mode _ = Autograd.recording()) {
                        Tensor r = w.plus(c).minus(target);
                        Autograd.backward(r.times(a.matMul(r)).sum().scaled(0.5));
                    }
                    double norm = updater.gradientNorm();
                    assertThat(norm).isCloseTo(step.get("grad_norm_before_clip").doubleValue(), within(1e-10));
                    updater.update(
                            Math.min(1, limit / (norm + 1e-6)),
                            options.get("lr").doubleValue());
                    assertThat(w.toDoubles()).containsExactly(Json.matrix(step.get("w")), within(TOLERANCE));
                    assertThat(c.toDoubles()).containsExactly(Json.numbers(step.get("c")), within(TOLERANCE));
                }
            }
        }
    }

    private static OptimizerRule rule(String name, JsonNode options) {
        double decay = options.path("weight_decay").asDouble(0);
        double epsilon = options.path("eps").asDouble(1e-8);
        if (name.equals("RMSprop")) {
            return new OptimizerRule.RmsProp(options.path("alpha").asDouble(0.99), epsilon, decay);
        }
        double beta1 = options.has("betas") ? options.get("betas").get(0).doubleValue() : 0.9;
        double beta2 = options.has("betas") ? options.get("betas").get(1).doubleValue() : 0.999;
        return new OptimizerRule.AdamW(beta1, beta2, epsilon, decay);
    }

    private static Tensor matrix(JsonNode rows) {
        return Tensors.of(Json.matrix(rows), rows.size(), rows.get(0).size());
    }
}
