package io.goodhart.lm.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.family.Families;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.safetensors.StoredType;
import io.goodhart.modelfiles.safetensors.TensorInfo;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.SmallHeap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WeightsLoadTest {
    private static final int HEAP_MEGABYTES = 32;
    private static final String EMBEDDING = "wte.weight";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void anEmbeddingLargerThanTheHeapIsLoaded(StoredType type) throws Exception {
        write(200_003, type, Float.NaN, -1);
        assertThat(SmallHeap.run(HEAP_MEGABYTES, Child.class, directory.toString()))
                .isEqualTo("200003 rows, last %s".formatted(value(200_003L * 64 - 1)));
    }

    @ParameterizedTest
    @CsvSource({"BF16, NaN", "F16, Infinity", "F32, -Infinity", "F32, NaN"})
    void aWeightThatIsNoFiniteNumberIsRefusedByTheNameOfItsTensor(StoredType type, float damage) throws IOException {
        write(101, type, damage, 101 * 64 - 3);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> DecoderModel.load(directory).close())
                .satisfies(refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.code()).isEqualTo("weights_not_finite");
                            assertThat(problem.field()).endsWith(EMBEDDING);
                            assertThat(problem.message()).contains(Float.toString(damage), "6461");
                        }));
    }

    @Test
    void nothingOfARefusedModelStaysInMemory() throws IOException {
        write(101, StoredType.F32, Float.NaN, 5);
        long before = Scope.liveHandles();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> DecoderModel.load(directory).close());
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    /** Whole numbers up to 100, which every stored type holds exactly. */
    private static float value(long element) {
        return element % 101;
    }

    private void write(int vocabulary, StoredType type, float damage, long damaged) throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": 64, "n_head": 2, "n_layer": 1,
                 "n_positions": 8, "vocab_size": %d, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05,
                 "embd_pdrop": 0.0, "attn_pdrop": 0.0, "resid_pdrop": 0.0, "bos_token_id": 0, "eos_token_id": 0,
                 "tie_word_embeddings": true}
                """.formatted(vocabulary));
        SafetensorsWriter writer = new SafetensorsWriter();
        for (ExpectedTensor tensor : WeightTable.of(Families.read(directory)).tensors()) {
            long spoilt = tensor.name().endsWith(EMBEDDING) ? damaged : -1;
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.elements() * type.bytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < tensor.elements(); i++) {
                put(bytes, type, i == spoilt ? damage : value(i));
            }
            writer.add(tensor.name(), new TensorInfo(type, tensor.shape()), bytes.flip());
        }
        writer.writeTo(directory.resolve("model.safetensors"));
    }

    private static void put(ByteBuffer bytes, StoredType type, float value) {
        switch (type) {
            case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
            case F16 -> bytes.putShort(Float.floatToFloat16(value));
            default -> bytes.putFloat(value);
        }
    }

    /** Loads the model and tells of its embedding. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            try (Scope _ = Scope.open();
                    DecoderModel model = DecoderModel.load(Path.of(arguments[0]))) {
                Tensor embeddingVD = model.head().weightVD();
                float[] last = new float[1];
                embeddingVD.read(embeddingVD.elements() - 1, last);
                System.out.println("%d rows, last %s".formatted(embeddingVD.size(0), last[0]));
            }
        }
    }
}
