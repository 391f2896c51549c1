package io.goodhart.tuning.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.testing.SmallHeap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointHeapTest {
    private static final int HEAP_MEGABYTES = 32;
    private static final long ROWS = 1000;
    private static final long COLUMNS = 12_345;

    @TempDir
    private Path directory;

    @Test
    void aCheckpointOfThreeTimesTheHeapIsWrittenAndRestored() throws Exception {
        Path file = directory.resolve("checkpoint-1.safetensors");
        assertThat(SmallHeap.run(HEAP_MEGABYTES, Child.class, file.toString())).isEqualTo("same");
        assertThat(Files.size(file)).isGreaterThan(2L * ROWS * COLUMNS * Float.BYTES);
    }

    /** Writes two tensors, each larger than the heap, forgets them and restores them. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            CheckpointHeader header = new CheckpointHeader(1, 2, "f00d");
            try (Scope _ = Scope.open()) {
                Tensor countsRC = Tensors.of((from, target) -> count(from, target), ROWS, COLUMNS);
                Checkpoint.write(file, header, tensors(countsRC, countsRC.scaled(-2)));
                SequencedMap<String, Tensor> restored =
                        tensors(Tensors.zeros(ROWS, COLUMNS), Tensors.zeros(ROWS, COLUMNS));
                try (Checkpoint checkpoint = Checkpoint.open(file)) {
                    checkpoint.restore("f00d", restored);
                }
                Tensor sumRC = restored.firstEntry()
                        .getValue()
                        .scaled(2)
                        .plus(restored.lastEntry().getValue());
                Tensor differenceRC = restored.firstEntry().getValue().minus(countsRC);
                float worst = Math.max(greatest(sumRC), greatest(differenceRC));
                System.out.println(worst == 0 ? "same" : "differs by " + worst);
            }
        }

        private static void count(long from, float[] target) {
            for (int i = 0; i < target.length; i++) {
                target[i] = (from + i) % 9_973 + 1;
            }
        }

        private static SequencedMap<String, Tensor> tensors(Tensor first, Tensor last) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("weights/a", first);
            tensors.put("optimizer/b", last);
            return tensors;
        }

        private static float greatest(Tensor x) {
            return x.abs().reshape(-1).max(0).asFloat();
        }
    }
}
