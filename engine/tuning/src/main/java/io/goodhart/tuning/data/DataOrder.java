package io.goodhart.tuning.data;

import io.goodhart.domain.Seeds;
import java.util.stream.IntStream;

/** In which order an epoch visits the rows. A pure function, so that a resumed run sees the same rows. */
public sealed interface DataOrder {
    /** The rows 0..rows-1 in the order of this epoch, counted from 0. */
    int[] rowsOf(int epoch, int rows);

    /** As they stand in the file, in every epoch. */
    record FileOrder() implements DataOrder {
        @Override
        public int[] rowsOf(int epoch, int rows) {
            return IntStream.range(0, rows).toArray();
        }
    }

    /** A new permutation in every epoch. */
    record Shuffled(long seed) implements DataOrder {
        @Override
        public int[] rowsOf(int epoch, int rows) {
            return Seeds.permutation(rows, Seeds.derive(seed, "data-order/epoch-" + epoch));
        }
    }
}
