package io.goodhart.lm.generate;

import io.goodhart.lm.hook.HookPoint;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One response. */
public final class Generation {
    private final long promptIndex;
    private final int sample;
    private final int[] tokens;
    private final OptionalInt stopId;
    private final Map<HookPoint, float[]> pooled;

    Generation(long promptIndex, int sample, int[] tokens, OptionalInt stopId, Map<HookPoint, float[]> pooled) {
        this.promptIndex = promptIndex;
        this.sample = sample;
        this.tokens = tokens;
        this.stopId = stopId;
        this.pooled = Map.copyOf(pooled);
    }

    /** Number of the prompt within the run. */
    public long promptIndex() {
        return promptIndex;
    }

    /** Which of the prompt's responses, from 0. */
    public int sample() {
        return sample;
    }

    /** Its ids without the one that ended it; a copy. May be empty. */
    public int[] tokens() {
        return tokens.clone();
    }

    /** Its ids with the one that ended it, if one did: what was drawn. */
    public int[] drawnTokens() {
        if (stopId.isEmpty()) {
            return tokens();
        }
        int[] drawn = Arrays.copyOf(tokens, tokens.length + 1);
        drawn[tokens.length] = stopId.getAsInt();
        return drawn;
    }

    /** The token that ended it; empty if it was cut at its longest. */
    public OptionalInt stopId() {
        return stopId;
    }

    /**
     * Mean activation over the tokens of the response, the one that ended it left out: the activation of a token is that at its
     * own position. Empty if the response is, or if the point was not asked for.
     */
    public Optional<float[]> pooled(HookPoint point) {
        float[] mean = pooled.get(point);
        return mean == null ? Optional.empty() : Optional.of(mean.clone());
    }
}
