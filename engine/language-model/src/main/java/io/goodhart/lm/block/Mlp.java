package io.goodhart.lm.block;

import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.tensor.Tensor;

/** down(act(up(x))), or with a gate down(act(gate(x))·up(x)). */
public record Mlp(Input input, Activation activation, Linear down) {
    /** What leads into an MLP, as {@link MlpLayout.Input} says. */
    sealed interface Input {
        record Plain(Linear up) implements Input {}

        record Gated(Linear gate, Linear up) implements Input {}

        record FusedGate(Linear gateUp) implements Input {}
    }

    /** Puts one together. */
    public static Mlp of(MlpLayout layout, Modules modules) {
        Input input = switch (layout.input()) {
            case MlpLayout.Input.Plain plain -> new Input.Plain(modules.linear(plain.up()));
            case MlpLayout.Input.Gated gated ->
                new Input.Gated(modules.linear(gated.gate()), modules.linear(gated.up()));
            case MlpLayout.Input.FusedGate fused -> new Input.FusedGate(modules.linear(fused.gateUp()));
        };
        return new Mlp(input, layout.activation(), modules.linear(layout.down()));
    }

    /** The output, with hooks at the neurons. */
    Tensor apply(Tensor xBTD, int layer, Pass pass) {
        return down.apply(pass.at(Site.MLP_ACT, layer, neurons(xBTD)));
    }

    /** The output without hooks. */
    public Tensor apply(Tensor xBTD) {
        return down.apply(neurons(xBTD));
    }

    private Tensor neurons(Tensor xBTD) {
        return switch (input) {
            case Input.Plain(Linear up) -> activate(activation, up.apply(xBTD));
            case Input.Gated(Linear gate, Linear up) ->
                activate(activation, gate.apply(xBTD)).times(up.apply(xBTD));
            case Input.FusedGate(Linear gateUp) -> {
                Tensor bothBTF = gateUp.apply(xBTD);
                long f = bothBTF.size(2) / 2;
                yield activate(activation, bothBTF.slice(2, 0, f)).times(bothBTF.slice(2, f));
            }
        };
    }

    /** A non-linearity, element by element. */
    public static Tensor activate(Activation activation, Tensor x) {
        return switch (activation) {
            case GELU -> x.gelu();
            case GELU_TANH -> x.geluTanh();
            case QUICK_GELU -> x.times(x.scaled(1.702).sigmoid());
            case SILU -> x.silu();
            case RELU -> x.relu();
            case TANH -> x.tanh();
        };
    }
}
