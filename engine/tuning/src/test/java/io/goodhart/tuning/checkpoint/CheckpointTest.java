package io.goodhart.tuning.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final CheckpointHeader HEADER = new CheckpointHeader(17, 123_456_789_012L, "f00d");

    @TempDir
    private Path directory;

    private Scope scope;
    private Path file;

    @BeforeEach
    void open() {
        scope = Scope.open();
        file = directory.resolve("checkpoint-17.safetensors");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void everyBitComesBack() throws IOException {
        float[] odd = {-0f, Float.MIN_VALUE, 1 / 3f, Float.MAX_VALUE, 1e-40f, 7};
        Checkpoint.write(file, HEADER, tensors(odd, 2, 3));
        SequencedMap<String, Tensor> restored = tensors(new float[6], 2, 3);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.header()).isEqualTo(HEADER);
            checkpoint.restore("f00d", restored);
        }
        assertThat(restored.firstEntry().getValue().toFloats()).isEqualTo(odd);
        assertThat(Float.floatToRawIntBits(restored.firstEntry().getValue().toFloats()[0]))
                .isEqualTo(Float.floatToRawIntBits(-0f));
    }

    @Test
    void anotherTrainingsCheckpointIsRefusedAndChangesNothing() throws IOException {
        Checkpoint.write(file, HEADER, tensors(new float[] {1, 2}, 2));
        SequencedMap<String, Tensor> tensors = tensors(new float[] {8, 9}, 2);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.restore("beef", tensors))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("other data or settings");
        }
        assertThat(tensors.firstEntry().getValue().toFloats()).containsExactly(8, 9);
    }

    @Test
    void tensorsOfOtherShapesOrNamesAreRefusedByName() throws IOException {
        Checkpoint.write(file, HEADER, tensors(new float[] {1, 2}, 2));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.restore("f00d", tensors(new float[] {1, 2}, 1, 2)))
                    .hasMessageContaining("weights/a");
            SequencedMap<String, Tensor> more = tensors(new float[] {1, 2}, 2);
            more.put("weights/b", Tensors.zeros(1));
            assertThatThrownBy(() -> checkpoint.restore("f00d", more)).hasMessageContaining("weights/b");
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        Checkpoint.write(file, HEADER, tensors(new float[] {1, 2, 3, 4}, 4));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
        assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void anOrdinarySafetensorsFileIsNoCheckpoint() throws IOException {
        new SafetensorsWriter().add("weights/a", new float[] {1}, 1).writeTo(file);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is not a checkpoint");
    }

    private static SequencedMap<String, Tensor> tensors(float[] values, long... shape) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weights/a", Tensors.of(values, shape));
        return tensors;
    }
}
