package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.testing.Fixtures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ten steps of every run that torch.optim made, in float64 and in float32, with fused and with plain kernels. */
class OptimizerGoldenTest {
    private static final double FLOAT64 = 1e-12;
    private static final double FLOAT32 = 2e-5;

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    static Stream<Arguments> runs() {
        JsonNode runs = JsonMapper.shared()
                .readTree(Fixtures.path("tuning/optim/optimizers.json").toFile())
                .get("runs");
        return runs.propertyStream()
                .flatMap(run -> Stream.of(DataType.FLOAT64, DataType.FLOAT32)
                        .flatMap(type -> Stream.of("best", "reference")
                                .map(kernels -> Arguments.of(run.getKey(), type, kernels, run.getValue()))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("runs")
    void tenStepsAreTorchs(String name, DataType type, String kernelsName, JsonNode run) {
        Kernels kernels = kernelsName.equals("best") ? Kernels.best() : Kernels.reference();
        double tolerance = type == DataType.FLOAT64 ? FLOAT64 : FLOAT32;
        Tensor a = matrix(run.get("A"), type);
        Tensor target = matrix(run.get("target"), type);
        Tensor w = matrix(run.get("start").get("w"), type).requireGradient();
        Tensor c = vector(run.get("start").get("c"), type).requireGradient();
        JsonNode limit = run.get("max_grad_norm");
        GradientClipping clipping = limit.isNull() ? GradientClipping.none() : new GradientClipping(limit.asDouble());
        double rate = run.get("options").get("lr").asDouble();
        try (Optimizer optimizer = optimizer(run, w, c, kernels)) {
            for (JsonNode step : run.get("steps")) {
                optimizer.zeroGradients();
                try (Scope _ = Scope.open();
                        Autograd.Mode _ = Autograd.recording()) {
                    Tensor residual = w.plus(c).minus(target);
                    Tensor loss = residual.times(a.matMul(residual)).sum().scaled(0.5);
                    Autograd.backward(loss);
                    assertClose(loss.asDouble(), step.get("loss").asDouble(), tolerance);
                }
                assertClose(w.gradient(), matrix(step.get("grad_w"), type), tolerance);
                assertClose(c.gradient(), vector(step.get("grad_c"), type), tolerance);
                double norm = clipping.apply(optimizer.parameters().values(), kernels);
                assertClose(norm, step.get("grad_norm_before_clip").asDouble(), tolerance);
                optimizer.step(rate);
                assertClose(w, matrix(step.get("w"), type), tolerance);
                assertClose(c, vector(step.get("c"), type), tolerance);
            }
        }
    }

    private static Optimizer optimizer(JsonNode run, Tensor w, Tensor c, Kernels kernels) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("w", w);
        parameters.put("c", c);
        JsonNode options = run.get("options");
        double epsilon = options.path("eps").asDouble(1e-8);
        double decay = options.path("weight_decay").asDouble(0);
        if (run.get("optimizer").asString().equals("AdamW")) {
            double beta1 = options.path("betas").path(0).asDouble(0.9);
            double beta2 = options.path("betas").path(1).asDouble(0.999);
            return new AdamW(parameters, Set.of("c"), new AdamWSettings(beta1, beta2, epsilon, decay), kernels);
        }
        double alpha = options.path("alpha").asDouble(0.99);
        return new RmsProp(parameters, Set.of("c"), new RmsProp.Settings(alpha, epsilon, decay));
    }

    private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        double scale = Math.max(1, expected.abs().reshape(-1).max(0).asDouble());
        assertThat(actual.toDoubles()).containsExactly(expected.toDoubles(), within(tolerance * scale));
    }

    private static void assertClose(double actual, double expected, double tolerance) {
        assertThat(actual).isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
    }

    private static Tensor vector(JsonNode node, DataType type) {
        return Tensors.of(node.valueStream().mapToDouble(JsonNode::asDouble).toArray())
                .to(type);
    }

    private static Tensor matrix(JsonNode node, DataType type) {
        double[] values = node.valueStream()
                .flatMap(JsonNode::valueStream)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        return Tensors.of(values, node.size(), node.get(0).size()).to(type);
    }
}
