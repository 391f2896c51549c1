package io.goodhart.api.facts;

import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;

/** Counts tokens where it matters how many there are. */
final class TokenBound {
    /** A text has at most one token per byte, and a few that are added around it. */
    private static final int MOST_SPECIALS = 8;

    private TokenBound() {}

    /** Number of tokens, or a bound on it if that is already at most {@code enough}. */
    static int tokens(String text, int enough, Tokenizer tokenizer) {
        int bound = text.getBytes(StandardCharsets.UTF_8).length + MOST_SPECIALS;
        return bound <= enough ? bound : tokenizer.encode(text, Specials.ADDED).length;
    }
}
