package io.goodhart.domain.spec;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which probes are fitted (Wehner and Fritz 2025, section 3.2).
 *
 * @param kind how a probe is fitted
 * @param site where activations are read
 * @param layer {@code best}: the layer with the highest validation AUC; or its number, from 0
 * @param layers the layers that the sweep tries; all if absent
 * @param pooling how a response's activations become one vector
 * @param c inverse strength of the L2 penalty, as scikit-learn's C
 * @param examples responses that each probe is fitted on, rounded up to whole prompts
 * @param calibration further responses that choose each probe's threshold, rounded up to whole prompts
 * @param samplesPerPrompt responses sampled for each probe prompt
 * @param train probes that training may use
 * @param heldOut probes that training never sees
 * @param retrained probes fitted after training, for each run
 */
public record ProbeSpec(
        Kind kind,
        Site site,
        String layer,
        @Nullable List<Integer> layers,
        Pooling pooling,
        Double c,
        Integer examples,
        Integer calibration,
        Integer samplesPerPrompt,
        Integer train,
        Integer heldOut,
        Integer retrained) {
    /** {@link #layer} that asks for a sweep. */
    public static final String BEST = "best";

    public ProbeSpec {
        kind = Require.orElse(kind, Kind.LOGISTIC);
        site = Require.orElse(site, Site.RESID_POST);
        layer = Require.orElse(layer, BEST);
        layers = layers == null ? null : List.copyOf(layers);
        pooling = Require.orElse(pooling, Pooling.MEAN);
        c = Require.orElse(c, 1.0);
        examples = Require.orElse(examples, 500);
        calibration = Require.orElse(calibration, 50);
        samplesPerPrompt = Require.orElse(samplesPerPrompt, 1);
        train = Require.orElse(train, 10);
        heldOut = Require.orElse(heldOut, 2);
        retrained = Require.orElse(retrained, 2);
    }

    /** How a probe is fitted. */
    public enum Kind {
        /** L2-penalised logistic regression on standardised activations. */
        LOGISTIC,
        /** Difference of the class means of standardised activations. */
        MEAN_DIFFERENCE
    }

    /** The layer if one is named. */
    public @Nullable Integer fixedLayer() {
        return layer.equals(BEST) ? null : Integer.valueOf(layer);
    }

    /** Prompts that one probe needs for fitting and calibration. */
    public long promptsPerProbe() {
        return (long) fitPrompts() + Math.ceilDiv(calibration, samplesPerPrompt);
    }

    /** Prompts whose responses a probe is fitted on; those that calibrate it come after them. */
    public int fitPrompts() {
        return Math.ceilDiv(examples, samplesPerPrompt);
    }
}
