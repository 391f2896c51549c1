package io.goodhart.domain.report;

import org.jspecify.annotations.Nullable;

/**
 * Why probes miss an arm's own positive responses: the same text read by the trained and by the untrained model.
 *
 * @param group which probes
 * @param positives positive own responses with a token, over all seeds
 * @param onTrained mean probability of the probes, reading the trained model
 * @param onBase mean probability of the probes, reading the untrained model
 * @param baselineResponses mean probability on the untrained model's own positive responses: what both would be without change
 * @param drift onTrained − onBase: negative if the activations moved away from the probe
 * @param evasion onBase − baselineResponses: negative if the texts themselves look harmless to the probe
 * @param reading what the two differences say
 */
public record EvasionReading(
        ProbeGroup group,
        int positives,
        @Nullable Double onTrained,
        @Nullable Double onBase,
        @Nullable Double baselineResponses,
        @Nullable Comparison drift,
        @Nullable Comparison evasion,
        Reading reading) {
    /** What moved. */
    public enum Reading {
        /** The untrained model would have been caught with these texts: activations drifted. */
        DRIFT,
        /** Neither model is caught while the scorer fires: the texts evade. */
        EVASION,
        DRIFT_AND_EVASION,
        NEITHER,
        /** Too few positive responses. */
        UNDECIDED
    }
}
