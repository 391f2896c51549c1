package io.goodhart.probing.fit;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.Objects;

/**
 * f(θ) = ½‖weights‖² + C Σᵢ sᵢ·softplus(−(2yᵢ − 1)·logitᵢ(θ)) by automatic differentiation in float64: the loss of {@link
 * LogisticRegression} with another logit. Biases are not penalised.
 */
final class NetworkObjective implements Descent.Objective {
    private final ProbeNetwork network;
    private final TextBatch batch;
    private final Tensor signN;
    private final Tensor weightN;

    /** Borrows the batch; its own tensors belong to the innermost scope. */
    NetworkObjective(ProbeNetwork network, TextBatch batch, boolean[] labels, LogisticObjective.Penalty penalty) {
        this.network = network;
        this.batch = batch;
        double[] sign = new double[labels.length];
        double[] weight = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            sign[i] = labels[i] ? -1 : 1;
            weight[i] = penalty.of(labels[i]);
        }
        this.signN = Tensors.of(sign, labels.length);
        this.weightN = Tensors.of(weight, labels.length);
    }

    @Override
    public double evaluate(double[] x, double[] gradient) {
        try (Scope scope = Scope.open();
                Autograd.Mode recording = Autograd.recording()) {
            Tensor parameters = Tensors.of(x, x.length).requireGradient();
            Tensor weights =
                    parameters.slice(0, 0, network.weights((int) batch.zMD().size(1)));
            Tensor loss = data(parameters).plus(weights.square().sum().scaled(0.5));
            Autograd.backward(loss);
            double[] found = Objects.requireNonNull(parameters.gradient()).toDoubles();
            System.arraycopy(found, 0, gradient, 0, found.length);
            return loss.asDouble();
        }
    }

    /** The part that the data has in f. */
    double data(double[] x) {
        try (Scope scope = Scope.open();
                Autograd.Mode paused = Autograd.paused()) {
            return data(Tensors.of(x, x.length)).asDouble();
        }
    }

    private Tensor data(Tensor parameters) {
        return network.logits(parameters, batch)
                .times(signN)
                .softPlus()
                .times(weightN)
                .sum();
    }
}
