package io.goodhart.probing.fit;

import io.goodhart.probing.Activations;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.direction.CosineMatrix;

/**
 * One probe read three ways on another model's activations. Together they tell what happened to it: frozen and refit agree if nothing
 * did; only re-standardised and refit agree if features shifted or were scaled; only refit works if the direction rotated; none works
 * if the information is gone.
 *
 * @param frozen the probe as it is
 * @param reStandardised its w and b with μ and σ of the other model's training examples (which needs no labels)
 * @param refit a new fit on the other model's training examples
 */
public record Transfer(LinearFit frozen, LinearFit reStandardised, LinearFit refit) {
    /**
     * The three readings of a probe.
     *
     * @param train labelled activations of the other model
     * @throws io.goodhart.domain.InvalidInputException with code {@code one_class} if they lack a class
     */
    public static Transfer of(LinearFit probe, LabelledActivations train, LogisticRegression regression) {
        return new Transfer(probe, reStandardised(probe, train.activations()), regression.fit(train));
    }

    /** The probe's w and b with μ and σ of these rows. */
    public static LinearFit reStandardised(LinearFit probe, Activations rows) {
        return probe.reStandardised(Standardiser.of(rows));
    }

    /** Cosine of the refit and the frozen w, both on standardised features. */
    public double rotation() {
        return CosineMatrix.cosine(refit.weight(), frozen.weight());
    }
}
