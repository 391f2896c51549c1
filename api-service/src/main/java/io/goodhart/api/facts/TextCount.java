package io.goodhart.api.facts;

import io.goodhart.datasets.Text;

/** Counts texts as they pass by. */
final class TextCount {
    private int texts;
    private int positives;

    void add(Text text) {
        texts++;
        positives += text.positive().orElse(false) ? 1 : 0;
    }

    Counted counted() {
        return new Counted(texts, positives);
    }

    /**
     * How many texts there are.
     *
     * @param eligible those that pass the filter
     * @param positives those of them that are labelled positive; 0 if the texts have no labels
     */
    record Counted(int eligible, int positives) {}
}
