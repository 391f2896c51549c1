package io.goodhart.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Adam with decoupled weight decay. Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2:
 *
 * <pre>
 * p ← p − lr·λ·p
 * m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²
 * p ← p − lr · (m / (1 − β₁ᵗ)) / (√v / √(1 − β₂ᵗ) + ε)
 * </pre>
 *
 * as PyTorch computes it: ε is added after the bias correction, t counts the updates of each parameter.
 */
public final class AdamW implements Optimizer {
    private static final String MEAN = "mean";
    private static final String SQUARE = "square";

    private final Map<String, Tensor> parameters;
    private final Set<String> undecayed;
    private final AdamWSettings settings;
    private final AdamWSettings settingsWithoutDecay;
    private final Kernels kernels;
    private final Moments moments;

    /** Trains every parameter with the weight decay of the settings, except those named in {@code undecayed}. */
    public AdamW(Map<String, Tensor> parameters, Set<String> undecayed, AdamWSettings settings) {
        this(parameters, undecayed, settings, Kernels.best());
    }

    /** Trains with the given kernels. */
    public AdamW(Map<String, Tensor> parameters, Set<String> undecayed, AdamWSettings settings, Kernels kernels) {
        if (!parameters.keySet().containsAll(undecayed)) {
            throw new IllegalArgumentException("Undecayed but not among the parameters: " + undecayed);
        }
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.undecayed = Set.copyOf(undecayed);
        this.settings = settings;
        this.settingsWithoutDecay = settings.withWeightDecay(0);
        this.kernels = kernels;
        this.moments = new Moments(this.parameters, List.of(MEAN, SQUARE));
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** Parameters that share one call of the kernel. */
    private record Batch(AdamWSettings settings, long step) {}

    @Override
    public void step(double learningRate) {
        try (Scope _ = Scope.open()) {
            Map<Batch, List<String>> batches = new LinkedHashMap<>();
            Map<String, Tensor> gradients = new LinkedHashMap<>();
            parameters.forEach((name, parameter) -> {
                Tensor gradient = parameter.gradient();
                if (gradient != null) {
                    gradients.put(name, gradient);
                    AdamWSettings own = undecayed.contains(name) ? settingsWithoutDecay : settings;
                    batches.computeIfAbsent(new Batch(own, moments.next(name)), _ -> new ArrayList<>())
                            .add(name);
                }
            });
            batches.forEach((batch, names) ->
                    kernels.adamW(tensors(names, gradients), batch.settings(), learningRate, batch.step()));
        }
    }

    private AdamWTensors tensors(List<String> names, Map<String, Tensor> gradients) {
        List<Tensor> trained = new ArrayList<>();
        List<Tensor> slopes = new ArrayList<>();
        List<Tensor> means = new ArrayList<>();
        List<Tensor> squares = new ArrayList<>();
        for (String name : names) {
            trained.add(parameters.get(name));
            slopes.add(gradients.get(name));
            means.add(moments.get(MEAN, name));
            squares.add(moments.get(SQUARE, name));
        }
        return new AdamWTensors(trained, slopes, means, squares);
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
