package io.goodhart.lm.text;

import io.goodhart.lm.hook.HookPoint;
import java.util.Arrays;
import java.util.Map;

/** Activations of the response of one text at some points. */
public final class Activations {
    private final int tokens;
    private final Map<HookPoint, float[]> valuesTD;

    Activations(int tokens, Map<HookPoint, float[]> valuesTD) {
        this.tokens = tokens;
        this.valuesTD = Map.copyOf(valuesTD);
    }

    /** Number of tokens of the response. */
    public int tokens() {
        return tokens;
    }

    /** At one token of the response. */
    public float[] at(HookPoint point, int token) {
        float[] values = values(point);
        int width = values.length / Math.max(1, tokens);
        return Arrays.copyOfRange(values, token * width, (token + 1) * width);
    }

    /** At all tokens, row by row: [T·D]; a copy. */
    public float[] all(HookPoint point) {
        return values(point).clone();
    }

    private float[] values(HookPoint point) {
        float[] values = valuesTD.get(point);
        if (values == null) {
            throw new IllegalArgumentException("Nothing was read at " + point);
        }
        return values;
    }
}
