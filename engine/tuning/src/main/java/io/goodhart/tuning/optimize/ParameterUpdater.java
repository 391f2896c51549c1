package io.goodhart.tuning.optimize;

import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** Changes parameters in place by their accumulated gradients. Owns the optimiser's state, not the parameters. */
public abstract sealed class ParameterUpdater implements AutoCloseable permits AdamWUpdater, RmsPropUpdater {
    final List<String> names;
    final List<Tensor> parameters;
    final TensorStore state = new TensorStore();
    private long updates;

    ParameterUpdater(SequencedMap<String, Tensor> parameters) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("Need at least one trainable tensor");
        }
        this.names = List.copyOf(parameters.keySet());
        this.parameters = List.copyOf(parameters.values());
    }

    /** An optimiser of this rule at its beginning. */
    public static ParameterUpdater of(OptimizerRule rule, SequencedMap<String, Tensor> parameters) {
        return switch (rule) {
            case OptimizerRule.AdamW adamW -> new AdamWUpdater(adamW, parameters);
            case OptimizerRule.RmsProp rmsProp -> new RmsPropUpdater(rmsProp, parameters);
        };
    }

    /** Forgets the gradients accumulated so far. */
    public final void zeroGradients() {
        parameters.forEach(Tensor::zeroGradient);
    }

    /** Global 2-norm of the accumulated gradients. */
    public final double gradientNorm() {
        try (Scope _ = Scope.open()) {
            return Kernels.best().globalNorm(gradients());
        }
    }

    /**
     * One update.
     *
     * @param gradientFactor gradients are multiplied by it first: the clipping factor
     */
    public final void update(double gradientFactor, double learningRate) {
        try (Scope _ = Scope.open()) {
            List<Tensor> gradients = gradients();
            if (gradientFactor != 1) {
                Kernels.best().scaleInPlace(gradients, gradientFactor);
            }
            updates++;
            apply(gradients, learningRate);
        }
    }

    /** Updates made so far. */
    public final long updates() {
        return updates;
    }

    /** Goes on as after this many updates; {@link #state()} must have been restored. */
    public final void continueAfter(long updatesDone) {
        updates = updatesDone;
    }

    /** The optimiser's tensors by name, always in the same order. */
    public abstract SequencedMap<String, Tensor> state();

    abstract void apply(List<Tensor> gradients, double learningRate);

    final Tensor zeros(String name, Tensor parameter) {
        try (Scope _ = Scope.open()) {
            return state.add(name, Tensors.zerosLike(parameter));
        }
    }

    /** Gradients in the order of the parameters; zeros where nothing arrived. They alias the accumulated ones. */
    private List<Tensor> gradients() {
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor parameter : parameters) {
            Tensor gradient = parameter.gradient();
            gradients.add(gradient == null ? Tensors.zerosLike(parameter) : gradient);
        }
        return gradients;
    }

    @Override
    public final void close() {
        state.close();
    }
}
