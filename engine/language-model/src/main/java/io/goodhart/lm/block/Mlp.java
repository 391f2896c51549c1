package io.goodhart.lm.block;

import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.config.Activation;
import io.goodhart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * down(act(up(x))), or with a gate down(act(gate(x))·up(x)).
 *
 * @param gate null for an MLP without gate
 */
public record Mlp(@Nullable Linear gate, Linear up, Linear down, Activation activation) {
    Tensor apply(Tensor xBTD, int layer, Pass pass) {
        Tensor activeBTF = gate == null
                ? activate(up.apply(xBTD))
                : activate(gate.apply(xBTD)).times(up.apply(xBTD));
        return down.apply(pass.at(Site.MLP_ACT, layer, activeBTF));
    }

    private Tensor activate(Tensor x) {
        return activate(activation, x);
    }

    /** A non-linearity, element by element. */
    public static Tensor activate(Activation activation, Tensor x) {
        return switch (activation) {
            case GELU -> x.gelu();
            case GELU_TANH -> x.geluTanh();
            case SILU -> x.silu();
            case RELU -> x.relu();
        };
    }
}
