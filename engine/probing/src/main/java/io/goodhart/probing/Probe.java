package io.goodhart.probing;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A probe as it is kept, served and trained against.
 *
 * @param name unique within its set, such as {@code train-3}
 * @param readPoint where its activations come from
 * @param aggregation how a text's score is made of its rows'; of a pooled text's one row any gives the same, but {@code attention}
 * @param calibrations of each aggregation that was calibrated, its own among them
 */
public record Probe(
        String name,
        ProbeRole role,
        ReadPoint readPoint,
        FittedProbe fit,
        Aggregation aggregation,
        Map<Aggregation, Calibration> calibrations) {
    public Probe {
        calibrations = Collections.unmodifiableMap(new EnumMap<>(calibrations));
        if (name.isBlank()) {
            throw new IllegalArgumentException("A probe needs a name");
        }
        if (!calibrations.containsKey(aggregation)) {
            throw new IllegalArgumentException("The probe is not calibrated for its own aggregation " + aggregation);
        }
        if (fit.kind().readsTokens() && readPoint.pooling() != Pooling.PER_TOKEN) {
            throw new IllegalArgumentException(
                    "A probe of kind " + fit.kind() + " reads tokens, not pooled activations");
        }
        for (Aggregation calibrated : calibrations.keySet()) {
            if (!fit.supports(calibrated)) {
                throw new IllegalArgumentException(fit.kind() + " is not scored by " + calibrated);
            }
        }
    }

    /** A probe of pooled activations. */
    public static Probe pooled(String name, ProbeRole role, ReadPoint point, RowProbe fit, Calibration calibration) {
        Aggregation same = point.pooling() == Pooling.LAST ? Aggregation.LAST : Aggregation.MEAN;
        return new Probe(name, role, point, fit, same, Map.of(same, calibration));
    }

    /** Whether it reads every token of a text, not one pooled vector. */
    public boolean readsTokens() {
        return readPoint.pooling() == Pooling.PER_TOKEN;
    }

    /** Calibration of its own score. */
    public Calibration calibration() {
        return Optional.ofNullable(calibrations.get(aggregation)).orElseThrow();
    }

    /**
     * Calibration of scores that are aggregated from tokens' in this way. The mean of a linear probe's token logits is its logit of the
     * tokens' mean, so a probe of pooled means is calibrated for it; other pooled kinds are not.
     */
    public Optional<Calibration> calibration(Aggregation ofTokens) {
        boolean same = readsTokens()
                || readPoint.pooling() == Pooling.LAST
                || (readPoint.pooling() == Pooling.MEAN && fit.linear().isPresent());
        return same ? Optional.ofNullable(calibrations.get(ofTokens)) : Optional.empty();
    }

    /** Probability from which on a text is flagged. */
    public double threshold() {
        return calibration().threshold();
    }

    /** Log-odds [N] of texts, as they are read: not calibrated. */
    public double[] logits(TokenActivations texts) {
        return fit.logits(texts, aggregation);
    }

    /** Calibrated probabilities [N] of texts. */
    public double[] probabilities(TokenActivations texts) {
        return calibration().probabilities(logits(texts));
    }

    /** The same probe with the standardiser of other examples. */
    public Probe reStandardised(Standardiser other) {
        return new Probe(name, role, readPoint, fit.reStandardised(other), aggregation, calibrations);
    }
}
