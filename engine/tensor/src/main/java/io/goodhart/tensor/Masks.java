package io.goodhart.tensor;

/** Attention masks: BOOL, true where a query may attend. */
public final class Masks {
    private Masks() {}

    /** s ≤ t, as [T,T]. */
    public static Tensor causal(int positions) {
        return window(positions, positions);
    }

    /** t − window &lt; s ≤ t, as [T,T]: a query sees itself and the window − 1 positions before it. */
    public static Tensor window(int positions, int window) {
        boolean[] mask = new boolean[Math.multiplyExact(positions, positions)];
        for (int t = 0; t < positions; t++) {
            for (int s = Math.max(0, t - window + 1); s <= t; s++) {
                mask[t * positions + s] = true;
            }
        }
        return Tensors.of(mask, positions, positions);
    }
}
