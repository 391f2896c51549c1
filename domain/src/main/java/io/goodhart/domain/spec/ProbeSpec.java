package io.goodhart.domain.spec;

import io.goodhart.domain.model.Aggregation;
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
 * @param pooling how a response's activations become what the probe reads; {@code mean} if absent, {@code per_token} for kinds that
 *     read tokens
 * @param aggregation how token scores become a response's score, for {@code per_token}; absent: the kind's own, or their mean
 * @param c inverse strength of the L2 penalty, as scikit-learn's C
 * @param examples responses or labelled texts that each probe is fitted on, rounded up to whole prompts
 * @param calibration further responses that choose each probe's threshold, rounded up to whole prompts
 * @param samplesPerPrompt responses sampled for each probe prompt: 1 if absent; labelled texts have none
 * @param train probes that training may use
 * @param heldOut probes that training never sees
 * @param retrained probes fitted after training, for each run
 * @param permuted control probes, fitted on shuffled labels of the first training probes' texts
 * @param heads queries of an attention probe
 * @param hidden hidden units of an MLP probe
 * @param directions dimensions of a subspace probe
 * @param classWeights how much an example of each class counts in a fit
 * @param calibrationMethod how a logit becomes a probability
 * @param threshold rule that chooses the threshold; absent: the highest accuracy on the calibration responses
 * @param responses how the responses are sampled that probes are fitted and calibrated on; absent: as all others
 * @param labelledTexts texts with labels of their own, of which every probe is fitted on some; absent: responses with the scorer's labels
 */
public record ProbeSpec(
        Kind kind,
        Site site,
        String layer,
        @Nullable List<Integer> layers,
        Pooling pooling,
        @Nullable Aggregation aggregation,
        Double c,
        Integer examples,
        Integer calibration,
        @Nullable Integer samplesPerPrompt,
        Integer train,
        Integer heldOut,
        Integer retrained,
        Integer permuted,
        @Nullable Integer heads,
        @Nullable Integer hidden,
        @Nullable Integer directions,
        ClassWeights classWeights,
        CalibrationMethod calibrationMethod,
        @Nullable ThresholdRule threshold,
        @Nullable ResponseSpec responses,
        @Nullable ProbeTextSpec labelledTexts) {
    /** {@link #layer} that asks for a sweep. */
    public static final String BEST = "best";

    public ProbeSpec {
        kind = Require.orElse(kind, Kind.LOGISTIC);
        site = Require.orElse(site, Site.RESID_POST);
        layer = Require.orElse(layer, BEST);
        layers = layers == null ? null : List.copyOf(layers);
        pooling = Require.orElse(pooling, kind.readsTokens() ? Pooling.PER_TOKEN : Pooling.MEAN);
        aggregation = aggregation == null && pooling == Pooling.PER_TOKEN ? kind.ownAggregation() : aggregation;
        c = Require.orElse(c, 1.0);
        examples = Require.orElse(examples, 500);
        calibration = Require.orElse(calibration, 50);
        samplesPerPrompt = samplesPerPrompt == null && labelledTexts == null ? Integer.valueOf(1) : samplesPerPrompt;
        train = Require.orElse(train, 10);
        heldOut = Require.orElse(heldOut, 2);
        retrained = Require.orElse(retrained, 2);
        permuted = Require.orElse(permuted, 0);
        heads = heads == null && kind == Kind.ATTENTION ? Integer.valueOf(8) : heads;
        hidden = hidden == null && kind == Kind.MLP ? Integer.valueOf(32) : hidden;
        directions = directions == null && kind == Kind.SUBSPACE ? Integer.valueOf(4) : directions;
        classWeights = Require.orElse(classWeights, ClassWeights.NONE);
        calibrationMethod = Require.orElse(calibrationMethod, CalibrationMethod.ACCURACY);
    }

    /** How a probe is fitted. */
    public enum Kind {
        /** L2-penalised logistic regression on standardised activations. */
        LOGISTIC,
        /** Difference of the class means of standardised activations. */
        MEAN_DIFFERENCE,
        /** Learned queries attend to a response's tokens; their attended values are summed. */
        ATTENTION,
        /** A linear score of each token, of which the highest counts. */
        MAX_POOLED,
        /** One hidden layer. */
        MLP,
        /** Some orthogonal directions with a logistic readout. */
        SUBSPACE;

        /** Whether it is fitted on whole responses, token by token. */
        public boolean readsTokens() {
            return this == ATTENTION || this == MAX_POOLED;
        }

        /** Whether its logit is an affine function of the activation, as training against a probe needs it. */
        public boolean isLinear() {
            return this == LOGISTIC || this == MEAN_DIFFERENCE || this == SUBSPACE;
        }

        /** What makes a response's score of its tokens' unless another way is asked for. */
        public Aggregation ownAggregation() {
            return switch (this) {
                case ATTENTION -> Aggregation.ATTENTION;
                case MAX_POOLED -> Aggregation.MAX;
                case LOGISTIC, MEAN_DIFFERENCE, MLP, SUBSPACE -> Aggregation.MEAN;
            };
        }
    }

    /** How much an example of each class counts in a fit. */
    public enum ClassWeights {
        /** 1 for every example. */
        NONE,
        /** n/(2·n_class): both classes count as much, whatever their sizes. */
        BALANCED
    }

    /** How a logit z becomes a probability. */
    public enum CalibrationMethod {
        /** σ(z); only the threshold is calibrated. */
        ACCURACY,
        /** σ(a·z + b), with a and b from the calibration responses (Platt 1999). */
        PLATT
    }

    /**
     * Where a probe fires.
     *
     * @param fpr share of the negative calibration responses that may at most be flagged
     */
    public record ThresholdRule(Double fpr) {
        public ThresholdRule {
            Require.present(fpr, "fpr");
        }
    }

    /** Heads, hidden units or directions, whichever the kind has; 0 for none. */
    public int size() {
        Integer size = switch (kind) {
            case ATTENTION -> heads;
            case MLP -> hidden;
            case SUBSPACE -> directions;
            case LOGISTIC, MEAN_DIFFERENCE, MAX_POOLED -> null;
        };
        return size == null ? 0 : size;
    }

    /** The layer if one is named, or if the site has none to choose from. */
    public @Nullable Integer fixedLayer() {
        if (site == Site.FINAL_NORM) {
            return 0;
        }
        return layer.equals(BEST) ? null : Integer.valueOf(layer);
    }

    /** How a text's score is made of what is read of it; a pooled text's one row has one score. */
    public Aggregation rowAggregation() {
        if (aggregation != null) {
            return aggregation;
        }
        return pooling == Pooling.LAST ? Aggregation.LAST : Aggregation.MEAN;
    }

    /** Whether a fit draws random numbers: where a network starts, or which labels are shuffled. */
    public boolean drawsRandomly() {
        return kind == Kind.ATTENTION || kind == Kind.MLP || permuted > 0;
    }

    /** Responses to each probe prompt; a labelled text is one. */
    public int samples() {
        return samplesPerPrompt == null ? 1 : samplesPerPrompt;
    }

    /** Prompts, or labelled texts, that one probe needs for fitting and calibration. */
    public long promptsPerProbe() {
        return (long) fitPrompts() + Math.ceilDiv(calibration, samples());
    }

    /** Prompts whose responses a probe is fitted on, or labelled texts; those that calibrate it come after them. */
    public int fitPrompts() {
        return Math.ceilDiv(examples, samples());
    }
}
