package io.goodhart.tuning.optimize;

import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** RMSprop as in {@link OptimizerRule.RmsProp}. */
final class RmsPropUpdater extends ParameterUpdater {
    private final OptimizerRule.RmsProp rule;
    private final List<Tensor> squares = new ArrayList<>();

    RmsPropUpdater(OptimizerRule.RmsProp rule, SequencedMap<String, Tensor> parameters) {
        super(parameters);
        this.rule = rule;
        for (int i = 0; i < names.size(); i++) {
            squares.add(zeros(names.get(i) + "/square", this.parameters.get(i)));
        }
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        return new LinkedHashMap<>(state.asMap());
    }

    @Override
    void apply(List<Tensor> gradients, double learningRate) {
        for (int i = 0; i < gradients.size(); i++) {
            try (Scope _ = Scope.open()) {
                Tensor parameter = parameters.get(i);
                boolean decays = rule.weightDecay() > 0 && parameter.rank() > 1;
                Tensor gradient = decays
                        ? gradients.get(i).plus(parameter.detached().scaled(rule.weightDecay()))
                        : gradients.get(i);
                Tensor square = squares.get(i);
                square.scaleInPlace(rule.alpha());
                square.addInPlace(gradient.square().scaled(1 - rule.alpha()));
                Tensor step = gradient.dividedBy(square.sqrt().shifted(rule.epsilon()));
                parameter.addInPlace(step.scaled(-learningRate));
            }
        }
    }
}
