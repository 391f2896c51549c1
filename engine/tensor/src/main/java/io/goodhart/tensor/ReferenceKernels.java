package io.goodhart.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every kernel in plain tensor operations, as the formula reads. */
final class ReferenceKernels implements Kernels {
    /** Finite, so that a query without any key gets zero and not NaN, forward and backward; e^NEVER is exactly 0. */
    private static final double NEVER = -1e30;

    private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

    @Override
    public Tensor attention(
            Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, @Nullable Tensor mask, double scale) {
        Tensor scoresBHTS = scores(queriesBHTK, keysBGSK, valuesBGSK, scale);
        return mixed(scoresBHTS, mask, valuesBGSK);
    }

    @Override
    public Tensor cappedAttention(
            Tensor queriesBHTK,
            Tensor keysBGSK,
            Tensor valuesBGSK,
            @Nullable Tensor mask,
            double scale,
            double softcap) {
        Tensor scoresBHTS = scores(queriesBHTK, keysBGSK, valuesBGSK, scale / softcap);
        return mixed(scoresBHTS.tanh().scaled(softcap), mask, valuesBGSK);
    }

    private static Tensor scores(Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, double scale) {
        Heads.check(queriesBHTK, keysBGSK, valuesBGSK);
        Tensor keysBHSK = Heads.repeated(keysBGSK, (int) queriesBHTK.size(1));
        return queriesBHTK.matMul(keysBHSK.transpose(2, 3)).scaled(scale);
    }

    private static Tensor mixed(Tensor scoresBHTS, @Nullable Tensor mask, Tensor valuesBGSK) {
        Tensor valuesBHSK = Heads.repeated(valuesBGSK, (int) scoresBHTS.size(1));
        return patterns(scoresBHTS, mask).matMul(valuesBHSK); // [B,H,T,S] -> [B,H,T,K]
    }

    private static Tensor patterns(Tensor scores, @Nullable Tensor mask) {
        if (mask == null) {
            return scores.softmax(-1);
        }
        if (mask.type() != DataType.BOOL) {
            return scores.plus(mask).softmax(-1);
        }
        Tensor hidden = mask.not();
        return scores.maskedFill(hidden, NEVER).softmax(-1).maskedFill(hidden, 0);
    }

    @Override
    public Tensor causalAttention(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, double scale) {
        new Axes().bind("B * T K", queriesBHTK).bind("B * T K", keysBGTK);
        return attention(queriesBHTK, keysBGTK, valuesBGTK, Masks.causal((int) queriesBHTK.size(2)), scale);
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weightD, double epsilon) {
        new Axes().bind("D", weightD).bind("D", x.size(-1));
        Tensor inverse = x.square().meanKeeping(-1).shifted(epsilon).pow(-0.5);
        return x.times(inverse).times(weightD);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weightD, Tensor biasD, double epsilon) {
        new Axes().bind("D", weightD).bind("D", biasD).bind("D", x.size(-1));
        Tensor centred = x.minus(x.meanKeeping(-1));
        Tensor inverse = centred.square().meanKeeping(-1).shifted(epsilon).pow(-0.5);
        return centred.times(inverse).times(weightD).plus(biasD);
    }

    @Override
    public Tensor geluTanh(Tensor x) {
        Tensor cubic = x.square().times(x).scaled(0.044715);
        return x.plus(cubic).scaled(ROOT_TWO_OVER_PI).tanh().shifted(1).times(x).scaled(0.5);
    }

    @Override
    public Tensor silu(Tensor x) {
        return x.times(x.sigmoid());
    }

    @Override
    public void adamW(AdamWTensors tensors, AdamWSettings settings, double learningRate, long step) {
        try (Autograd.Mode _ = Autograd.paused()) {
            for (int i = 0; i < tensors.parameters().size(); i++) {
                try (Scope _ = Scope.open()) {
                    adamW(tensors, i, settings, learningRate, step);
                }
            }
        }
    }

    private static void adamW(AdamWTensors tensors, int i, AdamWSettings settings, double learningRate, long step) {
        Tensor parameter = tensors.parameters().get(i);
        Tensor gradient = tensors.gradients().get(i);
        Tensor mean = tensors.means().get(i);
        Tensor square = tensors.squares().get(i);
        double correction1 = 1 - Math.pow(settings.beta1(), (double) step);
        double correction2 = 1 - Math.pow(settings.beta2(), (double) step);
        parameter.scaleInPlace(1 - learningRate * settings.weightDecay()); // p ← p − lr·λ·p
        mean.scaleInPlace(settings.beta1());
        mean.addInPlace(gradient.scaled(1 - settings.beta1())); // m ← β₁·m + (1 − β₁)·g
        square.scaleInPlace(settings.beta2());
        square.addInPlace(gradient.square().scaled(1 - settings.beta2())); // v ← β₂·v + (1 − β₂)·g²
        Tensor denominator = square.sqrt().scaled(1 / Math.sqrt(correction2)).shifted(settings.epsilon());
        parameter.addInPlace(mean.dividedBy(denominator).scaled(-learningRate / correction1));
    }

    @Override
    public double globalNorm(List<Tensor> tensors) {
        double squares = 0;
        for (Tensor tensor : tensors) {
            try (Scope _ = Scope.open();
                    Autograd.Mode _ = Autograd.paused()) {
                squares += tensor.square().sum().asDouble();
            }
        }
        return Math.sqrt(squares);
    }

    @Override
    public void scaleInPlace(List<Tensor> tensors, double factor) {
        try (Autograd.Mode _ = Autograd.paused()) {
            tensors.forEach(tensor -> tensor.scaleInPlace(factor));
        }
    }

    @Override
    public Tensor sample(Tensor logitsBV, Sampling sampling, Tensor uniformsB) {
        new Axes().bind("B V", logitsBV).bind("B", uniformsB);
        try (Scope scope = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            Tensor scaledBV = logitsBV.scaled(1 / sampling.temperature());
            if (sampling.isWhole()) {
                return scope.keep(rank(scaledBV.softmax(-1), uniformsB).squeeze(1));
            }
            TopK best = scaledBV.topK((int) sampling.kept(logitsBV.size(1)), -1);
            Tensor massBK = best.values().to(DataType.FLOAT64).softmax(-1);
            Tensor beforeBK = massBK.cumSum(-1).minus(massBK); // probability of everything better
            Tensor nucleusBK = massBK.maskedFill(beforeBK.greaterOrEqual(sampling.topP()), 0);
            return scope.keep(
                    best.indices().gather(1, rank(nucleusBK, uniformsB)).squeeze(1));
        }
    }

    /** Inverse of the cumulative distribution: how many cumulative sums are ≤ u times the whole, as [B,1]. */
    private static Tensor rank(Tensor massBK, Tensor uniformsB) {
        Tensor cumulativeBK = massBK.to(DataType.FLOAT64).cumSum(-1);
        Tensor totalB1 = cumulativeBK.slice(1, -1);
        Tensor pointB1 = uniformsB.to(DataType.FLOAT64).unsqueeze(-1).times(totalB1);
        Tensor belowB1 = cumulativeBK.lessOrEqual(pointB1).to(DataType.INT64).sumKeeping(-1);
        Tensor lastB1 = cumulativeBK.lessThan(totalB1).to(DataType.INT64).sumKeeping(-1);
        return belowB1.minimum(lastB1); // rounding must not leave the tokens with mass
    }
}
