package io.goodhart.probeservice.score;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores of texts.
 *
 * @param object always {@code list}
 * @param data one for each text, in order
 */
record ScoreResponse(String object, List<TextScore> data) {
    /**
     * One text's scores.
     *
     * @param index its place in the request
     * @param tokens tokens that the probes read
     * @param scores one for each probe, in the request's order
     */
    record TextScore(int index, int tokens, List<ProbeScore> scores) {}

    /**
     * What one probe reads.
     *
     * @param probability calibrated, if the probe is calibrated for this way to score
     * @param logit log-odds, not calibrated
     * @param flagged whether the probability reaches the probe's threshold; absent if it has none for this way to score
     * @param byToken each token's score, only if asked for
     */
    record ProbeScore(
            String probe,
            double probability,
            double logit,
            @Nullable Boolean flagged,
            @Nullable List<TokenScore> byToken) {}

    /** A token's score; {@code start} is its first character in the text, in UTF-16 units. */
    record TokenScore(int start, double probability, double logit) {}
}
