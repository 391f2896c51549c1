package io.goodhart.domain.plan;

import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TextSpec;

/** Pins the texts that a specification names. */
final class Texts {
    private Texts() {}

    static TextSlice slice(ExperimentSpec spec, ExperimentFacts facts, String corpus, TextSpec texts) {
        return new TextSlice(
                facts.dataset(texts.dataset()),
                texts.field(),
                null,
                texts.where(),
                false,
                PlanSeeds.texts(spec, corpus),
                texts.examples());
    }
}
