package io.goodhart.tensor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * RMSprop as PyTorch computes it: v ← α·v + (1 − α)·g², p ← p − lr · g / (√v + ε). Tieleman and Hinton 2012, lecture 6.5. Weight
 * decay is coupled: g ← g + λ·p.
 */
public final class RmsProp implements Optimizer {
    private static final String SQUARE = "square";

    private final Map<String, Tensor> parameters;
    private final Set<String> undecayed;
    private final Settings settings;
    private final Moments moments;

    /**
     * Constants of RMSprop.
     *
     * @param decay α, memory of the mean of squared gradients
     * @param epsilon ε, added to the root
     * @param weightDecay λ, added to the gradient
     */
    public record Settings(double decay, double epsilon, double weightDecay) {
        public Settings {
            if (!(decay >= 0 && decay < 1) || !(epsilon > 0) || !(weightDecay >= 0)) {
                throw new IllegalArgumentException(
                        "Need decay in [0, 1), epsilon > 0 and weight decay >= 0, got %s, %s and %s"
                                .formatted(decay, epsilon, weightDecay));
            }
        }

        /** α = 0.99, ε = 1e-8, no weight decay. */
        public static Settings standard() {
            return new Settings(0.99, 1e-8, 0);
        }
    }

    /** Trains every parameter with the weight decay of the settings, except those named in {@code undecayed}. */
    public RmsProp(Map<String, Tensor> parameters, Set<String> undecayed, Settings settings) {
        if (!parameters.keySet().containsAll(undecayed)) {
            throw new IllegalArgumentException("Undecayed but not among the parameters: " + undecayed);
        }
        this.undecayed = Set.copyOf(undecayed);
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.settings = settings;
        this.moments = new Moments(this.parameters, List.of(SQUARE));
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public void step(double learningRate) {
        try (Autograd.Mode _ = Autograd.paused()) {
            parameters.forEach((name, parameter) -> {
                try (Scope _ = Scope.open()) {
                    step(name, parameter, learningRate);
                }
            });
        }
    }

    private void step(String name, Tensor parameter, double learningRate) {
        Tensor accumulated = parameter.gradient();
        if (accumulated == null) {
            return;
        }
        moments.next(name);
        Tensor gradient = settings.weightDecay() == 0 || undecayed.contains(name)
                ? accumulated
                : accumulated.plus(parameter.detached().scaled(settings.weightDecay()));
        Tensor square = moments.get(SQUARE, name);
        square.scaleInPlace(settings.decay());
        square.addInPlace(gradient.square().scaled(1 - settings.decay()));
        Tensor update = gradient.dividedBy(square.sqrt().shifted(settings.epsilon()));
        parameter.addInPlace(update.scaled(-learningRate));
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        return moments.state();
    }

    @Override
    public void close() {
        moments.close();
    }
}
