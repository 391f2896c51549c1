package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMath;
import ai.djl.pytorch.jni.TorchMemory;
import ai.djl.pytorch.jni.TorchModule;
import ai.djl.pytorch.jni.TorchModule.Argument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every kernel as one call of a fused libtorch operation; the scripts are in {@code kernels.py}. */
final class TorchScriptKernels implements Kernels {
    private static final String SOURCE = "kernels.py";

    /** Tokens looked at first when only a probability limits the choice. */
    private static final long NUCLEUS = 1024;

    private final TorchModule module;

    private TorchScriptKernels(TorchModule module) {
        this.module = module;
    }

    private static final class Shared {
        private static final TorchScriptKernels KERNELS = load();

        private Shared() {}

        private static TorchScriptKernels load() {
            NativeLibrary.ensureLoaded();
            try (InputStream in = TorchScriptKernels.class.getResourceAsStream(SOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("No resource " + SOURCE);
                }
                String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return new TorchScriptKernels(
                        new TorchModule(ScriptArchive.of(source), Device.cpu().code()));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + SOURCE, e);
            }
        }
    }

    static TorchScriptKernels shared() {
        return Shared.KERNELS;
    }

    @Override
    public Tensor attention(
            Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, @Nullable Tensor mask, double scale) {
        if (mask == null) {
            return attend("attention", queriesBHTK, keysBGSK, valuesBGSK, Argument.number(scale));
        }
        return attend("masked_attention", queriesBHTK, keysBGSK, valuesBGSK, tensor(mask), Argument.number(scale));
    }

    /** Calls a script of attention. */
    Tensor attend(String function, Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, Argument... rest) {
        Heads.check(queriesBHTK, keysBGSK, valuesBGSK);
        int heads = (int) queriesBHTK.size(1);
        Argument[] arguments = new Argument[3 + rest.length];
        arguments[0] = tensor(queriesBHTK);
        arguments[1] = tensor(Heads.repeated(keysBGSK, heads));
        arguments[2] = tensor(Heads.repeated(valuesBGSK, heads));
        System.arraycopy(rest, 0, arguments, 3, rest.length);
        return call(function, arguments);
    }

    /**
     * libtorch has no fused operation for it: scores exist, but two tensors of them at a time without a graph; a graph keeps two,
     * c·tanh's and the softmax's, where plain operations keep three and leave four more alive to the end of the scope.
     */
    @Override
    public Tensor cappedAttention(
            Tensor queriesBHTK,
            Tensor keysBGSK,
            Tensor valuesBGSK,
            @Nullable Tensor mask,
            double scale,
            double softcap) {
        return attend(
                "capped_attention",
                queriesBHTK,
                keysBGSK,
                valuesBGSK,
                tensors(mask == null ? List.of() : List.of(mask)),
                Argument.number(scale),
                Argument.number(softcap));
    }

    @Override
    public Tensor causalAttention(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, double scale) {
        new Axes().bind("B * T K", queriesBHTK).bind("B * T K", keysBGTK);
        return attend("causal_attention", queriesBHTK, keysBGTK, valuesBGTK, Argument.number(scale));
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weightD, double epsilon) {
        new Axes().bind("D", weightD).bind("D", x.size(-1));
        return call("rms_norm", tensor(x), tensor(weightD), Argument.number(epsilon));
    }

    @Override
    public Tensor shiftedRmsNorm(Tensor x, Tensor weightD, double epsilon) {
        new Axes().bind("D", weightD).bind("D", x.size(-1));
        return call("shifted_rms_norm", tensor(x), tensor(weightD), Argument.number(epsilon));
    }

    @Override
    public Tensor adaptedLinear(Tensor x, Tensor weightOI, @Nullable Tensor biasO, LowRank lowRank) {
        lowRank.check(x, weightOI);
        return call(
                "adapted_linear",
                tensor(x),
                tensor(weightOI),
                tensors(biasO == null ? List.of() : List.of(biasO)),
                tensor(lowRank.downRI()),
                tensor(lowRank.upOR()),
                Argument.number(lowRank.scale()));
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weightD, Tensor biasD, double epsilon) {
        new Axes().bind("D", weightD).bind("D", biasD).bind("D", x.size(-1));
        return Tensor.owned(
                TorchMath.layerNorm(x.handle(), weightD.size(0), weightD.handle(), biasD.handle(), epsilon));
    }

    @Override
    public Tensor geluTanh(Tensor x) {
        return call("gelu_tanh", tensor(x));
    }

    @Override
    public Tensor silu(Tensor x) {
        return call("silu", tensor(x));
    }

    @Override
    public Tensor tokenLogProbs(Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return Unembedding.logProbs(this, hiddenND, head, targetsN, chunk);
    }

    @Override
    public TokenScores tokenScores(Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return Unembedding.scores(this, hiddenND, head, targetsN, chunk);
    }

    @Override
    public Tensor tokenDivergence(
            Tensor hiddenND, VocabularyHead head, Tensor referenceND, VocabularyHead referenceHead, int chunk) {
        return Unembedding.divergence(this, hiddenND, head, referenceND, referenceHead, chunk);
    }

    /** log p(target); entropy, best token and mean score if {@code scores}; then ∂/∂logits and ∂/∂h if wanted. */
    List<Tensor> targetRows(
            Tensor hiddenND,
            VocabularyHead head,
            Tensor targetsN,
            boolean scores,
            Unembedding.Slopes wanted,
            List<Tensor> room) {
        return callForAll(
                "target_rows",
                tensor(hiddenND),
                tensor(head.weightVD()),
                Argument.number(head.softcap()),
                tensor(targetsN),
                Argument.flag(scores),
                Argument.flag(wanted.ofLogits()),
                Argument.flag(wanted.ofHidden()),
                tensors(room));
    }

    /** Σ_v p_ref (log p_ref − log p); then ∂/∂logits and ∂/∂h if wanted. */
    List<Tensor> divergenceRows(
            Tensor hiddenND,
            VocabularyHead head,
            Tensor referenceND,
            VocabularyHead referenceHead,
            Unembedding.Slopes wanted,
            List<Tensor> room) {
        return callForAll(
                "divergence_rows",
                tensor(hiddenND),
                tensor(head.weightVD()),
                Argument.number(head.softcap()),
                tensor(referenceND),
                tensor(referenceHead.weightVD()),
                Argument.number(referenceHead.softcap()),
                Argument.flag(wanted.ofLogits()),
                Argument.flag(wanted.ofHidden()),
                tensors(room));
    }

    @Override
    public void adamW(AdamWTensors tensors, AdamWSettings settings, double learningRate, long step) {
        if (tensors.parameters().isEmpty()) {
            return;
        }
        if (!fusable(tensors)) {
            Kernels.reference().adamW(tensors, settings, learningRate, step);
            return;
        }
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            Tensor steps = Tensors.full(DataType.FLOAT32, (double) step);
            call(
                    "adamw",
                    tensors(tensors.parameters()),
                    tensors(tensors.gradients()),
                    tensors(tensors.means()),
                    tensors(tensors.squares()),
                    tensor(steps),
                    Argument.number(learningRate),
                    Argument.number(settings.beta1()),
                    Argument.number(settings.beta2()),
                    Argument.number(settings.weightDecay()),
                    Argument.number(settings.epsilon()));
        }
    }

    /** The fused update walks memory in order and in one type. */
    private static boolean fusable(AdamWTensors tensors) {
        DataType type = tensors.parameters().get(0).type();
        return inOrder(tensors.parameters(), type)
                && inOrder(tensors.gradients(), type)
                && inOrder(tensors.means(), type)
                && inOrder(tensors.squares(), type);
    }

    private static boolean inOrder(List<Tensor> tensors, DataType type) {
        return tensors.stream().allMatch(x -> x.type() == type && TorchMemory.isContiguous(x.handle()));
    }

    @Override
    public double globalNorm(List<Tensor> tensors) {
        if (tensors.isEmpty()) {
            return 0;
        }
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            return call("norm", tensors(tensors)).asDouble();
        }
    }

    @Override
    public void scaleInPlace(List<Tensor> tensors, double factor) {
        if (tensors.isEmpty()) {
            return;
        }
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            Tensor first = tensors.get(0);
            call("scale", tensors(tensors), tensor(Tensors.full(first.type(), factor)));
        }
    }

    @Override
    public Tensor sample(Tensor logitsBV, Sampling sampling, Tensor uniformsB) {
        new Axes().bind("B V", logitsBV).bind("B", uniformsB);
        double sharpness = 1 / sampling.temperature();
        try (Scope scope = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            if (sampling.isWhole()) {
                return scope.keep(call("draw_any", tensor(logitsBV), tensor(uniformsB), Argument.number(sharpness)));
            }
            long vocabulary = logitsBV.size(1);
            if (sampling.topK() > 0) {
                return scope.keep(draw(logitsBV, uniformsB, sampling, sampling.kept(vocabulary))
                        .ids());
            }
            Drawn drawn = draw(logitsBV, uniformsB, sampling, Math.min(vocabulary, NUCLEUS));
            if (!drawn.covered()) { // a flat row: sort everything
                drawn = draw(logitsBV, uniformsB, sampling, vocabulary);
            }
            return scope.keep(drawn.ids());
        }
    }

    /** Token ids, and whether the k best tokens of every row hold the probability that was asked for. */
    private record Drawn(Tensor ids, boolean covered) {}

    private Drawn draw(Tensor logitsBV, Tensor uniformsB, Sampling sampling, long k) {
        long[] handles = module.tensors(
                "draw",
                tensor(logitsBV),
                tensor(uniformsB),
                Argument.number(1 / sampling.temperature()),
                Argument.integer(k),
                Argument.number(sampling.topP()),
                Argument.flag(sampling.topK() == 0));
        Tensor ids = Tensor.owned(handles[0]);
        return new Drawn(ids, Tensor.owned(handles[1]).asBoolean());
    }

    /** ∂log p_n(target)/∂logits. */
    Tensor targetSlopes(Tensor hiddenND, VocabularyHead head, Tensor targetsN, List<Tensor> room) {
        return call(
                "target_slopes",
                tensor(hiddenND),
                tensor(head.weightVD()),
                Argument.number(head.softcap()),
                tensor(targetsN),
                tensors(room));
    }

    /** ∂/∂logits of what {@link #divergenceRows} computes. */
    Tensor divergenceSlopes(
            Tensor hiddenND, VocabularyHead head, Tensor referenceND, VocabularyHead referenceHead, List<Tensor> room) {
        return call(
                "divergence_slopes",
                tensor(hiddenND),
                tensor(head.weightVD()),
                Argument.number(head.softcap()),
                tensor(referenceND),
                tensor(referenceHead.weightVD()),
                Argument.number(referenceHead.softcap()),
                tensors(room));
    }

    /** Adds leftᵀ·right to {@code sum} in place. */
    void addProduct(Tensor sum, Tensor left, Tensor right) {
        TorchMemory.delete(module.tensor("add_product", tensor(sum), tensor(left), tensor(right)));
    }

    /** Whether gradients flow to the tensor, leaf or recorded result: DJL's own flag knows leaves only. */
    boolean requiresGradient(Tensor tensor) {
        return module.flag("requires_gradient", tensor(tensor));
    }

    private List<Tensor> callForAll(String function, Argument... arguments) {
        List<Tensor> outputs = new ArrayList<>();
        for (long handle : module.tensors(function, arguments)) {
            outputs.add(Tensor.owned(handle));
        }
        return outputs;
    }

    Tensor call(String function, Argument... arguments) {
        return Tensor.owned(module.tensor(function, arguments));
    }

    static Argument tensor(Tensor tensor) {
        return Argument.tensor(tensor.handle());
    }

    private static Argument tensors(List<Tensor> tensors) {
        return Argument.tensors(tensors.stream().mapToLong(Tensor::handle).toArray());
    }
}
