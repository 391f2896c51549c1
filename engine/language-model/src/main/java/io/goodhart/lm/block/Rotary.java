package io.goodhart.lm.block;

import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;

/**
 * Rotary positions. Su et al. 2021, arXiv:2104.09864: the pair (x_i, x_{i+K/2}) is turned by the angle p·θ^(−2i/K), with the
 * halves of a head paired as in the checkpoints of the Hub. Angles are rounded to float32 as transformers does.
 */
public final class Rotary implements AutoCloseable {
    private final int dHead;
    private final double base;
    private final TensorStore tables = new TensorStore();
    private int length;

    /**
     * Angles for heads of one size.
     *
     * @param dHead K, even
     * @param base θ
     */
    public Rotary(int dHead, double base) {
        this.dHead = dHead;
        this.base = base;
    }

    /**
     * Cosines and sines for some positions.
     *
     * @param cosines [B,1,T,K]
     * @param sines [B,1,T,K], negated in the first half of K
     */
    public record Angles(Tensor cosines, Tensor sines) {
        /** x [B,H,T,K] turned to its positions. */
        public Tensor rotate(Tensor x) {
            long half = x.size(3) / 2;
            Tensor swapped = Tensors.concat(3, x.slice(3, half), x.slice(3, 0, half));
            return x.times(cosines).plus(swapped.times(sines));
        }
    }

    /**
     * Looks positions up.
     *
     * @param positionsBT INT64
     * @param largest no position is larger
     */
    public Angles at(Tensor positionsBT, int largest) {
        if (largest >= length) {
            grow(Math.max(largest + 1, 2 * length));
        }
        return new Angles(
                tables.get("cosines").rows(positionsBT).unsqueeze(1),
                tables.get("sines").rows(positionsBT).unsqueeze(1));
    }

    private void grow(int next) {
        int half = dHead / 2;
        float[] cosines = new float[next * dHead];
        float[] sines = new float[next * dHead];
        for (int i = 0; i < half; i++) {
            float frequency = (float) (1 / Math.pow(base, 2.0 * i / dHead));
            for (int position = 0; position < next; position++) {
                float angle = position * frequency;
                int at = position * dHead + i;
                cosines[at] = (float) Math.cos(angle);
                cosines[at + half] = cosines[at];
                sines[at + half] = (float) Math.sin(angle);
                sines[at] = -sines[at + half];
            }
        }
        try (Scope scope = Scope.open()) {
            tables.replace("cosines", Tensors.of(cosines, next, dHead));
            tables.replace("sines", Tensors.of(sines, next, dHead));
        }
        length = next;
    }

    @Override
    public void close() {
        tables.close();
    }
}
