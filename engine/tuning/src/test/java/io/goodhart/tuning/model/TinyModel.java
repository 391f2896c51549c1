package io.goodhart.tuning.model;

import io.goodhart.domain.SplitMix;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import io.goodhart.tensor.VocabularyHead;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A language model that sees the last token only: residual r = E[token], hidden state tanh(r·Wᵀ + b), scores h·Uᵀ. All four
 * tensors are trainable; the reference is their values at the beginning.
 */
public final class TinyModel implements TrainableModel, AutoCloseable {
    private static final int WIDTH = 6;

    private final TensorStore policy = new TensorStore();
    private final TensorStore reference = new TensorStore();

    public TinyModel(int vocabulary, long seed) {
        SplitMix random = new SplitMix(seed);
        add("embedding", random, vocabulary, WIDTH);
        add("weight", random, WIDTH, WIDTH);
        add("bias", random, WIDTH);
        add("unembedding", random, vocabulary, WIDTH);
    }

    private void add(String name, SplitMix random, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= Math.toIntExact(size);
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.uniform() - 0.5);
        }
        try (Scope _ = Scope.open()) {
            policy.add(name, Tensors.of(values, shape)).requireGradient();
            reference.add(name, Tensors.of(values, shape));
        }
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return new LinkedHashMap<>(policy.asMap());
    }

    @Override
    public Activations forward(TokenBatch batch, Optional<HookPoint> tapped) {
        return forward(policy, batch);
    }

    private static Activations forward(TensorStore weights, TokenBatch batch) {
        Tensor residualBTD = weights.get("embedding").rows(ids(batch));
        Tensor hiddenBTD = residualBTD
                .linear(weights.get("weight"))
                .plus(weights.get("bias"))
                .tanh();
        return new Activations(hiddenBTD, Optional.of(residualBTD));
    }

    private static Tensor ids(TokenBatch batch) {
        long[] ids = new long[batch.lines() * batch.length()];
        for (int row = 0; row < batch.rows(); row++) {
            for (int place = 0; place < batch.length(row); place++) {
                ids[batch.flatIndex(row, place)] = batch.token(row, place);
            }
        }
        return Tensors.of(ids, batch.lines(), batch.length());
    }

    @Override
    public VocabularyHead head() {
        return VocabularyHead.of(policy.get("unembedding"));
    }

    @Override
    public Activations referenceForward(TokenBatch batch, Optional<HookPoint> tapped) {
        try (Autograd.Mode _ = Autograd.paused()) {
            return forward(reference, batch);
        }
    }

    @Override
    public VocabularyHead referenceHead() {
        return VocabularyHead.of(reference.get("unembedding"));
    }

    /** Values of all trainable tensors, one after the other. */
    public SequencedMap<String, float[]> values() {
        SequencedMap<String, float[]> values = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            parameters().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
        }
        return values;
    }

    @Override
    public void close() {
        policy.close();
        reference.close();
    }
}
