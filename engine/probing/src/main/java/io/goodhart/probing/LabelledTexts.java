package io.goodhart.probing;

import java.util.Arrays;

/** Activations of texts with a label for each text, true for the behaviour. */
public final class LabelledTexts {
    private final TokenActivations activations;
    private final boolean[] labels;

    private LabelledTexts(TokenActivations activations, boolean[] labels) {
        this.activations = activations;
        this.labels = labels;
    }

    /** Texts of one row or more each. */
    public static LabelledTexts of(TokenActivations activations, boolean[] labels) {
        if (activations.n() != labels.length) {
            throw new IllegalArgumentException(
                    "Need a label for each text, got " + labels.length + " for " + activations.n());
        }
        if (activations.withRows().length < labels.length) {
            throw new IllegalArgumentException("A text without tokens has nothing to be read");
        }
        return new LabelledTexts(activations, labels.clone());
    }

    public TokenActivations activations() {
        return activations;
    }

    /** A copy of the labels. */
    public boolean[] labels() {
        return labels.clone();
    }

    public int n() {
        return labels.length;
    }

    public int positives() {
        int count = 0;
        for (boolean label : labels) {
            count += label ? 1 : 0;
        }
        return count;
    }

    /** The same texts with other labels. */
    public LabelledTexts labelled(boolean[] others) {
        return of(activations, others);
    }

    /** Every row as an example of its own, with its text's label. */
    public LabelledActivations rows() {
        boolean[] ofRows = new boolean[activations.rows().n()];
        for (int i = 0; i < labels.length; i++) {
            Arrays.fill(ofRows, activations.from(i), activations.to(i), labels[i]);
        }
        return LabelledActivations.of(activations.rows(), ofRows);
    }
}
