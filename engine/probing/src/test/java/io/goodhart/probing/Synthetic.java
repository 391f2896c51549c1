package io.goodhart.probing;

import io.goodhart.domain.SplitMix;

/** Made-up activations with a weak, known direction. */
public final class Synthetic {
    private Synthetic() {}

    /** Offset and scaled features of two overlapping classes, about a quarter positive; feature 1 does not vary. */
    public static LabelledActivations examples(int n, int d, long seed) {
        SplitMix random = new SplitMix(seed);
        float[] x = new float[n * d];
        boolean[] labels = new boolean[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i == 0 || (i != 1 && random.uniform() < 0.25);
            for (int j = 0; j < d; j++) {
                double noise = random.uniform() + random.uniform() - 1;
                double signal = labels[i] && j % 3 == 0 ? 0.3 : 0;
                x[i * d + j] = j == 1 ? 2.5f : (float) (5 - j % 7 + (1 + j % 4) * (noise + signal));
            }
        }
        return LabelledActivations.of(Activations.of(x, n, d), labels);
    }
}
