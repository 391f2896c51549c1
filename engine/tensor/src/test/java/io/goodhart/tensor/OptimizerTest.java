package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static final AdamWSettings ADAMW = new AdamWSettings(0.9, 0.99, 1e-8, 0.1);
    private static final RmsProp.Settings RMSPROP = new RmsProp.Settings(0.9, 1e-6, 0.1);

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void aRestoredOptimizerGoesOnBitForBit() {
        resumesBitForBit(parameters -> new AdamW(parameters, Set.of("b"), ADAMW));
        resumesBitForBit(parameters -> new RmsProp(parameters, Set.of("b"), RMSPROP));
    }

    private static void resumesBitForBit(Function<Map<String, Tensor>, Optimizer> maker) {
        Map<String, Tensor> straight = start();
        Map<String, Tensor> resumed = start();
        Map<String, Tensor> saved = new LinkedHashMap<>();
        try (Optimizer optimizer = maker.apply(straight)) {
            train(optimizer, 6);
        }
        try (Optimizer first = maker.apply(resumed)) {
            train(first, 3);
            first.state().forEach((name, tensor) -> saved.put(name, tensor.copy()));
        }
        try (Optimizer second = maker.apply(resumed)) {
            saved.forEach((name, tensor) -> second.state().get(name).copyFrom(tensor));
            train(second, 3);
        }
        straight.forEach(
                (name, tensor) -> assertThat(resumed.get(name).toFloats()).isEqualTo(tensor.toFloats()));
    }

    @Test
    void onlyItsOwnParametersCanBeLeftUndecayed() {
        assertThatThrownBy(() -> new AdamW(start(), Set.of("x"), ADAMW)).hasMessageContaining("x");
    }

    @Test
    void parametersWithoutGradientStayAndUndecayedOnesDoNotShrink() {
        Map<String, Tensor> parameters = start();
        Tensor idle = Tensors.of(new float[] {5}).requireGradient();
        parameters.put("idle", idle);
        Tensor still = Tensors.of(new float[] {5}).requireGradient();
        parameters.put("still", still);
        try (AdamW optimizer = new AdamW(parameters, Set.of("still"), ADAMW)) {
            try (Autograd.Mode _ = Autograd.recording()) {
                Autograd.backward(still.scaled(0).sum().plus(parameters.get("w").sum()));
            }
            optimizer.step(0.1);
        }
        assertThat(idle.asFloat()).isEqualTo(5);
        assertThat(still.asFloat()).isEqualTo(5);
    }

    @Test
    void clippingScalesAllGradientsToTheLimit() {
        Map<String, Tensor> parameters = start();
        gradients(parameters);
        double before = GradientClipping.none().apply(parameters.values());
        assertThat(new GradientClipping(before * 2).apply(parameters.values())).isEqualTo(before);
        assertThat(new GradientClipping(before / 4).apply(parameters.values())).isEqualTo(before);
        assertThat(GradientClipping.none().apply(parameters.values())).isCloseTo(before / 4, within(1e-5 * before));
        assertThatThrownBy(() -> new GradientClipping(Double.NaN)).hasMessageContaining("NaN");
    }

    @Test
    void aNormThatIsNotFiniteIsReportedAndLeavesGradientsAlone() {
        Tensor x = Tensors.of(new float[] {1, 2}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Autograd.backward(x, Tensors.of(new float[] {Float.POSITIVE_INFINITY, 1}));
        }
        assertThat(new GradientClipping(1).apply(List.of(x))).isInfinite();
        assertThat(x.gradient().toFloats()).containsExactly(Float.POSITIVE_INFINITY, 1);
    }

    private static Map<String, Tensor> start() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("w", Numbers.floats(1, 3, 4).requireGradient());
        parameters.put("b", Numbers.floats(2, 4).requireGradient());
        return parameters;
    }

    private static void train(Optimizer optimizer, int steps) {
        for (int i = 0; i < steps; i++) {
            optimizer.zeroGradients();
            gradients(optimizer.parameters());
            optimizer.step(0.05);
        }
    }

    private static void gradients(Map<String, Tensor> parameters) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            Tensor x = Numbers.floats(9, 2, 3);
            Tensor y = x.matMul(parameters.get("w")).plus(parameters.get("b")).tanh();
            Autograd.backward(y.square().sum());
        }
    }
}
