package io.goodhart.domain.plan;

import io.goodhart.domain.spec.TextSpec;

/** Pins the texts that a specification names. */
final class Texts {
    private Texts() {}

    static TextSlice slice(ExperimentFacts facts, TextSpec texts, long seed) {
        return new TextSlice(
                facts.dataset(texts.dataset()), texts.field(), null, texts.where(), false, seed, texts.examples());
    }
}
