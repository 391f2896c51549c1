package io.goodhart.tuning.optimize;

import io.goodhart.tensor.AdamWSettings;
import io.goodhart.tensor.Optimizer;
import io.goodhart.tensor.RmsProp.Settings;
import io.goodhart.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** The optimisers to choose from. Matrices decay, vectors (biases, norm weights) do not. Constants are those of PyTorch. */
public sealed interface OptimizerRule {
    /** An optimiser of this rule at its beginning. */
    Optimizer optimizer(SequencedMap<String, Tensor> parameters);

    /** AdamW with decoupled decay. Loshchilov and Hutter 2019, arXiv:1711.05101. */
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerRule {
        public AdamW {
            AdamWSettings _ = new AdamWSettings(beta1, beta2, epsilon, weightDecay); // refuses what makes no sense
        }

        /** PyTorch's betas and ε, without decay. */
        public static AdamW standard() {
            return new AdamW(0.9, 0.999, 1e-8, 0);
        }

        @Override
        public Optimizer optimizer(SequencedMap<String, Tensor> parameters) {
            AdamWSettings settings = new AdamWSettings(beta1, beta2, epsilon, weightDecay);
            return new io.goodhart.tensor.AdamW(parameters, vectors(parameters), settings);
        }
    }

    /**
     * RMSprop without momentum: g ← g + λ·p for matrices, v ← α·v + (1−α)·g², p ← p − lr·g/(√v + ε).
     *
     * @param alpha decay of the mean of squares
     * @param weightDecay λ, not decoupled
     */
    record RmsProp(double alpha, double epsilon, double weightDecay) implements OptimizerRule {
        public RmsProp {
            Settings _ = new Settings(alpha, epsilon, weightDecay); // refuses what makes no sense
        }

        /** PyTorch's α and ε, without decay. */
        public static RmsProp standard() {
            return new RmsProp(0.99, 1e-8, 0);
        }

        @Override
        public Optimizer optimizer(SequencedMap<String, Tensor> parameters) {
            return new io.goodhart.tensor.RmsProp(
                    parameters, vectors(parameters), new Settings(alpha, epsilon, weightDecay));
        }
    }

    private static Set<String> vectors(SequencedMap<String, Tensor> parameters) {
        return parameters.entrySet().stream()
                .filter(parameter -> parameter.getValue().rank() <= 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
