package io.goodhart.lm.block;

import io.goodhart.modelfiles.config.Rope;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.List;

/** Tables of {@link Rope}, as long as they had to be so far. Angles are rounded to float32 as transformers does. */
public final class Rotary implements AutoCloseable {
    private final Rope rope;
    private final TensorStore tables = new TensorStore();
    private int length;

    /** Empty tables. */
    public Rotary(Rope rope) {
        this.rope = rope;
    }

    /**
     * Cosines and sines for some positions.
     *
     * @param cosines [B,1,T,R]
     * @param sines [B,1,T,R], negated in the first half of R
     */
    public record Angles(Tensor cosines, Tensor sines) {
        /** x [B,H,T,K] with its first R entries turned to its positions. */
        public Tensor rotate(Tensor x) {
            long dims = cosines.size(3);
            if (dims == x.size(3)) {
                return turned(x);
            }
            return Tensors.concat(3, turned(x.slice(3, 0, dims)), x.slice(3, dims));
        }

        private Tensor turned(Tensor x) {
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
        List<Tensor> rows = tables(largest);
        return new Angles(
                rows.get(0).rows(positionsBT).unsqueeze(1),
                rows.get(1).rows(positionsBT).unsqueeze(1));
    }

    /** Cosines, then sines as {@link Angles} has them, [P,R] for every position up to the largest at least. */
    public List<Tensor> tables(int largest) {
        if (largest >= length) {
            grow(Math.max(largest + 1, 2 * length));
        }
        return List.of(tables.get("cosines"), tables.get("sines"));
    }

    /** What the tables are of. */
    public Rope rope() {
        return rope;
    }

    private void grow(int next) {
        int dims = rope.dims();
        double[] frequencies = rope.frequencies();
        float[] cosines = new float[Math.multiplyExact(next, dims)];
        float[] sines = new float[next * dims];
        for (int i = 0; i < frequencies.length; i++) {
            float frequency = (float) frequencies[i];
            for (int position = 0; position < next; position++) {
                float angle = position * frequency;
                int first = position * dims + i;
                int second = first + frequencies.length;
                cosines[first] = (float) (Math.cos(angle) * rope.magnitude());
                cosines[second] = cosines[first];
                sines[second] = (float) (Math.sin(angle) * rope.magnitude());
                sines[first] = -sines[second];
            }
        }
        try (Scope scope = Scope.open()) {
            tables.replace("cosines", Tensors.of(cosines, next, dims));
            tables.replace("sines", Tensors.of(sines, next, dims));
        }
        length = next;
    }

    @Override
    public void close() {
        tables.close();
    }
}
