package io.goodhart.tuning.model;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.ForwardResult;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.VocabularyHead;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A decoder in training: a low-rank adapter on frozen weights, whose reference is the model with the adapter off, or all of its
 * weights, whose reference is a second, frozen copy. Closing it freezes what was trained; models and adapter stay open.
 */
public final class DecoderTuning implements TrainableModel, AutoCloseable {
    private final DecoderModel policy;
    private final Optional<DecoderModel> frozen;
    private final boolean full;
    private final SequencedMap<String, Tensor> parameters;
    private final Pass policyPass;

    private interface Pass {
        ForwardResult forward(TokenBatch batch, Hooks hooks);
    }

    private DecoderTuning(
            DecoderModel policy,
            Optional<DecoderModel> frozen,
            boolean full,
            Map<String, Tensor> parameters,
            Pass policyPass) {
        this.policy = policy;
        this.frozen = frozen;
        this.full = full;
        this.policyPass = policyPass;
        this.parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
        parameters.values().forEach(Tensor::requireGradient);
    }

    /** Trains an adapter, which the model computes with from now on. */
    public static DecoderTuning lora(DecoderModel base, LoraAdapter adapter) {
        base.setAdapter(adapter);
        return new DecoderTuning(base, Optional.empty(), false, adapter.parameters(), base::forward);
    }

    /**
     * Trains all weights.
     *
     * @param reference the model before tuning, only needed by objectives that compare with it
     */
    public static DecoderTuning full(DecoderModel policy, Optional<DecoderModel> reference) {
        return new DecoderTuning(policy, reference, true, policy.parameters(), policy::forward);
    }

    /** The same, with gradient checkpointing: less memory, equal numbers, more time. */
    public DecoderTuning checkpointed() {
        return new DecoderTuning(policy, frozen, full, parameters, policy::forwardCheckpointed);
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Activations forward(TokenBatch batch, Optional<HookPoint> tapped) {
        return activations(policyPass, batch, tapped);
    }

    @Override
    public VocabularyHead head() {
        return policy.head();
    }

    @Override
    public Activations referenceForward(TokenBatch batch, Optional<HookPoint> tapped) {
        try (Autograd.Mode _ = Autograd.paused();
                AdapterSlot.Off _ = policy.withoutAdapter()) {
            return activations(reference()::forward, batch, tapped);
        }
    }

    private static Activations activations(Pass pass, TokenBatch batch, Optional<HookPoint> tapped) {
        ForwardResult result =
                pass.forward(batch, tapped.map(Hooks.none()::capture).orElse(Hooks.none()));
        return new Activations(result.hiddenBTD(), tapped.map(result::at));
    }

    @Override
    public VocabularyHead referenceHead() {
        return reference().head();
    }

    private DecoderModel reference() {
        return full
                ? frozen.orElseThrow(() -> new IllegalStateException("Training all weights needs a copy as reference"))
                : policy;
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::freeze);
    }
}
