package io.goodhart.tuning.model;

import io.goodhart.domain.model.Site;
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
import java.util.OptionalInt;
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
    private final PolicyPass policyPass;

    private interface PolicyPass {
        ForwardResult forward(TokenBatch batch, Hooks hooks);
    }

    private DecoderTuning(
            DecoderModel policy,
            Optional<DecoderModel> frozen,
            boolean full,
            Map<String, Tensor> parameters,
            PolicyPass policyPass) {
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
    public Activations forward(TokenBatch batch, OptionalInt tappedBlock) {
        if (tappedBlock.isEmpty()) {
            return new Activations(policyPass.forward(batch, Hooks.none()).hiddenBTD(), Optional.empty());
        }
        HookPoint point = new HookPoint(Site.RESID_POST, tappedBlock.getAsInt());
        ForwardResult result = policyPass.forward(batch, Hooks.none().capture(point));
        return new Activations(result.hiddenBTD(), Optional.of(result.at(point)));
    }

    @Override
    public VocabularyHead head() {
        return policy.head();
    }

    @Override
    public Activations referenceForward(TokenBatch batch) {
        try (Autograd.Mode _ = Autograd.paused();
                AdapterSlot.Off _ = policy.withoutAdapter()) {
            return new Activations(reference().forward(batch, Hooks.none()).hiddenBTD(), Optional.empty());
        }
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
