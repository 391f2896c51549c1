package io.goodhart.tuning.optimize;

import io.goodhart.tensor.AdamWSettings;
import io.goodhart.tensor.AdamWTensors;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** AdamW in two groups: matrices, which decay, and vectors, which do not. */
final class AdamWUpdater extends ParameterUpdater {
    private final AdamWSettings matrices;
    private final AdamWSettings vectors;
    private final List<Tensor> means = new ArrayList<>();
    private final List<Tensor> squares = new ArrayList<>();

    AdamWUpdater(OptimizerRule.AdamW rule, SequencedMap<String, Tensor> parameters) {
        super(parameters);
        vectors = new AdamWSettings(rule.beta1(), rule.beta2(), rule.epsilon(), 0);
        matrices = vectors.withWeightDecay(rule.weightDecay());
        for (int i = 0; i < names.size(); i++) {
            means.add(zeros(names.get(i) + "/mean", this.parameters.get(i)));
            squares.add(zeros(names.get(i) + "/square", this.parameters.get(i)));
        }
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        return new LinkedHashMap<>(state.asMap());
    }

    @Override
    void apply(List<Tensor> gradients, double learningRate) {
        update(group(gradients, true), matrices, learningRate);
        update(group(gradients, false), vectors, learningRate);
    }

    private void update(AdamWTensors group, AdamWSettings settings, double learningRate) {
        if (!group.parameters().isEmpty()) {
            Kernels.best().adamW(group, settings, learningRate, updates());
        }
    }

    private AdamWTensors group(List<Tensor> gradients, boolean ofMatrices) {
        List<List<Tensor>> columns =
                List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).rank() > 1 == ofMatrices) {
                columns.get(0).add(parameters.get(i));
                columns.get(1).add(gradients.get(i));
                columns.get(2).add(means.get(i));
                columns.get(3).add(squares.get(i));
            }
        }
        return new AdamWTensors(columns.get(0), columns.get(1), columns.get(2), columns.get(3));
    }
}
