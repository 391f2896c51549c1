package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchModule.Argument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linear maps and attention with factors in bfloat16, everything else as {@link TorchScriptKernels} computes it. Tensors are float32
 * on both sides: the shorter ones live inside the scripts only, because handing their type to DJL ends the process. Gradients pass
 * the rounding unchanged and are rounded themselves.
 */
final class Bfloat16Kernels implements Kernels {
    private static final Bfloat16Kernels SHARED = new Bfloat16Kernels(TorchScriptKernels.shared());

    private final TorchScriptKernels full;

    private Bfloat16Kernels(TorchScriptKernels full) {
        this.full = full;
    }

    static Bfloat16Kernels shared() {
        return SHARED;
    }

    @Override
    public Tensor linear(Tensor x, Tensor weightOI, @Nullable Tensor biasO) {
        if (x.type() != DataType.FLOAT32) {
            return full.linear(x, weightOI, biasO);
        }
        new Axes().bind("O I", weightOI).bind("I", x.size(-1));
        Tensor y = full.call("rounded_linear", TorchScriptKernels.tensor(x), TorchScriptKernels.tensor(weightOI));
        return biasO == null ? y : y.plus(biasO);
    }

    @Override
    public Tensor attention(
            Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, @Nullable Tensor mask, double scale) {
        if (queriesBHTK.type() != DataType.FLOAT32 || (mask != null && mask.type() != DataType.BOOL)) {
            return full.attention(queriesBHTK, keysBGSK, valuesBGSK, mask, scale);
        }
        Argument ofScale = Argument.number(scale);
        return mask == null
                ? full.attend("rounded_attention", queriesBHTK, keysBGSK, valuesBGSK, ofScale)
                : full.attend(
                        "rounded_masked_attention",
                        queriesBHTK,
                        keysBGSK,
                        valuesBGSK,
                        TorchScriptKernels.tensor(mask),
                        ofScale);
    }

    @Override
    public Tensor causalAttention(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, double scale) {
        if (queriesBHTK.type() != DataType.FLOAT32) {
            return full.causalAttention(queriesBHTK, keysBGTK, valuesBGTK, scale);
        }
        new Axes().bind("B * T K", queriesBHTK).bind("B * T K", keysBGTK);
        return full.attend("rounded_causal_attention", queriesBHTK, keysBGTK, valuesBGTK, Argument.number(scale));
    }

    /** In float32: the scores pass through tanh before their softmax. */
    @Override
    public Tensor cappedAttention(
            Tensor queriesBHTK,
            Tensor keysBGSK,
            Tensor valuesBGSK,
            @Nullable Tensor mask,
            double scale,
            double softcap) {
        return full.cappedAttention(queriesBHTK, keysBGSK, valuesBGSK, mask, scale, softcap);
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weightD, double epsilon) {
        return full.rmsNorm(x, weightD, epsilon);
    }

    @Override
    public Tensor shiftedRmsNorm(Tensor x, Tensor weightD, double epsilon) {
        return full.shiftedRmsNorm(x, weightD, epsilon);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weightD, Tensor biasD, double epsilon) {
        return full.layerNorm(x, weightD, biasD, epsilon);
    }

    @Override
    public Tensor geluTanh(Tensor x) {
        return full.geluTanh(x);
    }

    @Override
    public Tensor silu(Tensor x) {
        return full.silu(x);
    }

    @Override
    public Tensor tokenLogProbs(Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return full.tokenLogProbs(hiddenND, head, targetsN, chunk);
    }

    @Override
    public TokenScores tokenScores(Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return full.tokenScores(hiddenND, head, targetsN, chunk);
    }

    @Override
    public Tensor tokenDivergence(
            Tensor hiddenND, VocabularyHead head, Tensor referenceND, VocabularyHead referenceHead, int chunk) {
        return full.tokenDivergence(hiddenND, head, referenceND, referenceHead, chunk);
    }

    @Override
    public void adamW(AdamWTensors tensors, AdamWSettings settings, double learningRate, long step) {
        full.adamW(tensors, settings, learningRate, step);
    }

    @Override
    public double globalNorm(List<Tensor> tensors) {
        return full.globalNorm(tensors);
    }

    @Override
    public void scaleInPlace(List<Tensor> tensors, double factor) {
        full.scaleInPlace(tensors, factor);
    }

    @Override
    public Tensor sample(Tensor logitsBV, Sampling sampling, Tensor uniformsB) {
        return full.sample(logitsBV, sampling, uniformsB);
    }
}
