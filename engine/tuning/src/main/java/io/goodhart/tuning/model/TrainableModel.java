package io.goodhart.tuning.model;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.VocabularyHead;
import java.util.Optional;
import java.util.SequencedMap;

/** A language model whose trainable tensors an objective can reach, and the frozen model that it started from. */
public interface TrainableModel {
    /** Trainable tensors by name, always in the same order; each requires a gradient. */
    SequencedMap<String, Tensor> parameters();

    /**
     * Forward pass of the policy. Records for gradients if the thread records.
     *
     * @param tapped where activations are wanted, if anywhere
     */
    Activations forward(TokenBatch batch, Optional<HookPoint> tapped);

    /** The policy's vocabulary projection. */
    VocabularyHead head();

    /**
     * Forward pass of the model as it was before tuning, without gradient.
     *
     * @param tapped where activations are wanted, if anywhere
     * @throws IllegalStateException if no reference is at hand
     */
    Activations referenceForward(TokenBatch batch, Optional<HookPoint> tapped);

    /** The reference's vocabulary projection. */
    VocabularyHead referenceHead();
}
