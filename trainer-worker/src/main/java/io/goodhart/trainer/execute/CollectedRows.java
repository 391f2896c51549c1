package io.goodhart.trainer.execute;

import io.goodhart.probing.Activations;
import io.goodhart.probing.TokenActivations;
import java.util.ArrayList;
import java.util.List;

/** Activations of texts as they come, one after the other. */
final class CollectedRows {
    private final List<float[]> values = new ArrayList<>();
    private final List<Integer> rows = new ArrayList<>();

    /** A text of so many rows [T,D]; none for a text without tokens. */
    void add(float[] valuesTD, int tokens) {
        values.add(valuesTD);
        rows.add(tokens);
    }

    /** All texts; empties it. Where no text has a row, the width is not known and one. */
    TokenActivations together() {
        int[] offsets = new int[rows.size() + 1];
        int width = 1;
        for (int i = 0; i < rows.size(); i++) {
            offsets[i + 1] = Math.addExact(offsets[i], rows.get(i));
            width = rows.get(i) > 0 ? values.get(i).length / rows.get(i) : width;
        }
        float[] all = new float[Math.multiplyExact(offsets[rows.size()], width)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(values.get(i), 0, all, offsets[i] * width, rows.get(i) * width);
            values.set(i, new float[0]);
        }
        return TokenActivations.of(Activations.of(all, offsets[rows.size()], width), offsets);
    }
}
