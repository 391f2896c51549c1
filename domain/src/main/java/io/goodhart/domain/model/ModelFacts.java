package io.goodhart.domain.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model without loading it.
 *
 * @param revision which one
 * @param family {@code model_type} of config.json, for example {@code gemma3_text}
 * @param task what it computes
 * @param layers L
 * @param dModel D
 * @param dMlp F
 * @param heads H
 * @param keyValueHeads G
 * @param dHead K
 * @param vocabulary V
 * @param context longest sequence in tokens
 * @param parameters number of weights, tied ones once
 * @param linearModules names that LoRA may target, for example {@code q_proj}
 * @param sites where its activations can be read; empty for a classifier
 * @param labels labels of a classifier, in order; empty for a language model
 * @param block what its blocks compute; null: it was registered before that was told
 */
public record ModelFacts(
        ModelRevision revision,
        String family,
        Task task,
        int layers,
        int dModel,
        int dMlp,
        int heads,
        int keyValueHeads,
        int dHead,
        int vocabulary,
        int context,
        long parameters,
        List<String> linearModules,
        List<Site> sites,
        List<String> labels,
        @Nullable BlockFacts block) {
    public ModelFacts {
        linearModules = List.copyOf(linearModules);
        sites = List.copyOf(sites);
        labels = List.copyOf(labels);
    }

    /** What its blocks compute, or what most models with such matrices do. */
    public BlockFacts blocks() {
        if (block != null) {
            return block;
        }
        boolean gated = linearModules.stream().anyMatch(name -> name.startsWith("gate"));
        return gated ? BlockFacts.gated(layers, dHead) : BlockFacts.plain(layers);
    }

    /** What a model computes. */
    public enum Task {
        LANGUAGE_MODEL,
        CLASSIFIER
    }
}
