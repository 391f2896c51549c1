package io.goodhart.tuning.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.GradientClipping;
import io.goodhart.tensor.Optimizer;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OptimizerRuleGoldenTest {
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
            try (Optimizer optimizer =
                    rule(run.get("optimizer").asString(), options).optimizer(parameters)) {
                for (JsonNode step : run.get("steps")) {
                    optimizer.zeroGradients();
                    try (Scope _ = Scope.open();
                            Autograd.Mode _ = Autograd.recording()) {
                        Tensor r = w.plus(c).minus(target);
                        Autograd.backward(r.times(a.matMul(r)).sum().scaled(0.5));
                    }
                    double norm = new GradientClipping(limit).apply(parameters.values());
                    assertThat(norm).isCloseTo(step.get("grad_norm_before_clip").doubleValue(), within(1e-10));
                    optimizer.step(options.get("lr").doubleValue());
                    assertThat(w.toDoubles()).containsExactly(Json.matrix(step.get("w")), within(TOLERANCE));
                    assertThat(c.toDoubles()).containsExactly(Json.numbers(step.get("c")), within(TOLERANCE));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamw", "rmsprop"})
    void aParameterThatNoGradientReachedStaysAndItsUpdatesAreNotCounted(String name) {
        JsonNode run = Json.read(Fixtures.path("tuning/optim/unreached.json"))
                .get("runs")
                .get(name);
        try (Scope _ = Scope.open()) {
            SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
            run.get("start").properties().forEach(entry -> parameters.put(entry.getKey(), matrix(entry.getValue())));
            parameters.values().forEach(Tensor::requireGradient);
            Tensor scale = matrix(run.get("scale"));
            GradientClipping clipping =
                    new GradientClipping(run.get("max_grad_norm").doubleValue());
            JsonNode options = run.get("options");
            try (Optimizer optimizer =
                    rule(run.get("optimizer").asString(), options).optimizer(parameters)) {
                int count = 0;
                for (JsonNode step : run.get("steps")) {
                    optimizer.zeroGradients();
                    backward(parameters, scale, count++ >= 2);
                    double norm = clipping.apply(parameters.values());
                    assertThat(norm).isCloseTo(step.get("grad_norm_before_clip").doubleValue(), within(1e-10));
                    optimizer.step(options.get("lr").doubleValue());
                    parameters.forEach((parameter, tensor) -> assertThat(tensor.toDoubles())
                            .as(parameter)
                            .containsExactly(Json.matrix(step.get(parameter)), within(TOLERANCE)));
                }
                assertThat(optimizer.state().get("step/reached").asFloat()).isEqualTo(5);
                assertThat(optimizer.state().get("step/late").asFloat()).isEqualTo(3);
                assertThat(optimizer.state().get("step/never").asFloat()).isZero();
            }
        }
    }

    private static void backward(SequencedMap<String, Tensor> parameters, Tensor scale, boolean late) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            Tensor loss = parameters.get("reached").square().times(scale).sum();
            Autograd.backward(
                    late ? loss.plus(parameters.get("late").square().square().sum()) : loss);
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
