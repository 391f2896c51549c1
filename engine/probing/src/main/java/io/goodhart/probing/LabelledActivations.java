package io.goodhart.probing;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;

/** Activations [N,D] with a label for each row, true for the behaviour. */
public final class LabelledActivations {
    private final Activations activations;
    private final boolean[] labels;

    private LabelledActivations(Activations activations, boolean[] labels) {
        this.activations = activations;
        this.labels = labels;
    }

    public static LabelledActivations of(Activations activations, boolean[] labels) {
        if (activations.n() != labels.length) {
            throw new IllegalArgumentException(
                    "Need a label for each row, got " + labels.length + " for " + activations.n());
        }
        return new LabelledActivations(activations, labels.clone());
    }

    public Activations activations() {
        return activations;
    }

    /** A copy of the labels. */
    public boolean[] labels() {
        return labels.clone();
    }

    public boolean label(int row) {
        return labels[row];
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

    public int negatives() {
        return n() - positives();
    }

    /** These rows with their labels. */
    public LabelledActivations rows(int[] indices) {
        boolean[] kept = new boolean[indices.length];
        for (int i = 0; i < indices.length; i++) {
            kept[i] = labels[indices[i]];
        }
        return new LabelledActivations(activations.rows(indices), kept);
    }

    /**
     * Refuses examples that nothing can be learnt from: of one class, with a value that is not a finite number, or all alike.
     *
     * @param purpose named in the problem, such as {@code training}
     * @throws InvalidInputException with code {@code one_class}, {@code activation_not_finite} or {@code activations_constant}
     */
    public void requireFittable(String purpose) {
        requireBothClasses(purpose);
        boolean varies = false;
        for (int row = 0; row < n(); row++) {
            for (int feature = 0; feature < activations.d(); feature++) {
                float value = activations.get(row, feature);
                if (!Float.isFinite(value)) {
                    throw new InvalidInputException(new Problem(
                            "activation_not_finite",
                            "feature " + feature,
                            "Feature %d of %s example %d is %s".formatted(feature, purpose, row, value)));
                }
                varies |= value != activations.get(0, feature);
            }
        }
        if (!varies) {
            throw new InvalidInputException(new Problem(
                    "activations_constant",
                    null,
                    "All %d features are the same in all %d %s examples; feature 0 is %s"
                            .formatted(activations.d(), n(), purpose, activations.get(0, 0))));
        }
    }

    /**
     * Refuses examples of one class only, or none: nothing can be fitted to or ranked on them.
     *
     * @param purpose named in the problem, such as {@code training}
     * @throws InvalidInputException with code {@code one_class}
     */
    public void requireBothClasses(String purpose) {
        if (positives() == 0 || negatives() == 0) {
            throw new InvalidInputException(new Problem(
                    "one_class",
                    null,
                    "The %s examples need both classes, got %d positive and %d negative; take more of them, or labels that tell them apart (another threshold, another scorer)"
                            .formatted(purpose, positives(), negatives())));
        }
    }
}
