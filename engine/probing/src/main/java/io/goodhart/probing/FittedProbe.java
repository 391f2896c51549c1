package io.goodhart.probing;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.spec.ProbeSpec;
import java.util.Optional;

/** What a fit finds: log-odds of the behaviour as a function of a text's standardised activations z = (x − μ)/σ. */
public sealed interface FittedProbe permits RowProbe, AttentionFit {
    /** How it was fitted. */
    ProbeSpec.Kind kind();

    /** μ and σ of the training examples. */
    Standardiser standardiser();

    /** Log-odds [N] of texts that have a row each; of several rows, by their aggregation. */
    double[] logits(TokenActivations texts, Aggregation aggregation);

    /** Log-odds [T] of a text token by token: each on its own, or of the tokens so far where they attend to each other. */
    double[] tokenLogits(Activations tokens);

    /** Whether it can be scored in this way. */
    boolean supports(Aggregation aggregation);

    /** The same weights with the standardiser of other examples: what is left of a probe when features only shift and scale. */
    FittedProbe reStandardised(Standardiser other);

    /** The probe as a single direction, if it is one. */
    Optional<LinearFit> linear();

    /** D, the number of features. */
    default int d() {
        return standardiser().d();
    }

    /** 1/(1 + e^(−z)) without overflow. */
    static double sigmoid(double z) {
        if (z >= 0) {
            return 1 / (1 + Math.exp(-z));
        }
        double e = Math.exp(z);
        return e / (1 + e);
    }
}
