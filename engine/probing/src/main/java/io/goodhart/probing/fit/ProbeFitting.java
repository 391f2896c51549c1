package io.goodhart.probing.fit;

import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.TokenActivations;

/**
 * How a kind of probe is fitted. Kinds that read one row are fitted on every row with its text's label; those that read tokens, on
 * whole texts.
 *
 * @param size heads, hidden units or directions; not looked at by other kinds
 * @param c inverse strength of the L2 penalty; a mean difference has none
 */
public record ProbeFitting(ProbeSpec.Kind kind, int size, double c, ClassWeights weights) {
    /**
     * Fits a probe.
     *
     * @param calibration texts that tell networks when to stop; other kinds do not look at them
     * @param seed where networks start from
     * @throws io.goodhart.domain.InvalidInputException if nothing can be fitted to the texts
     */
    public FittedProbe fit(LabelledTexts training, LabelledTexts calibration, long seed) {
        return switch (kind) {
            case LOGISTIC -> new LogisticRegression(c, weights).fit(training.rows());
            case MEAN_DIFFERENCE -> MeanDifference.standardised(training.rows());
            case SUBSPACE -> new NullSpaceProjection(size, c, weights).fit(training.rows());
            case MLP -> network(new ProbeNetwork.Mlp(size), byRow(training), byRow(calibration), seed);
            case ATTENTION -> network(new ProbeNetwork.Attention(size), training, calibration, seed);
            case MAX_POOLED -> network(new ProbeNetwork.Maximum(), training, calibration, seed);
        };
    }

    private FittedProbe network(ProbeNetwork network, LabelledTexts training, LabelledTexts calibration, long seed) {
        return new NetworkFit(network, c, weights).fit(training, calibration, seed);
    }

    private static LabelledTexts byRow(LabelledTexts texts) {
        return LabelledTexts.of(
                TokenActivations.pooled(texts.activations().rows()),
                texts.rows().labels());
    }
}
