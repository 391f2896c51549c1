package io.goodhart.benchmarks.engine;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.modelfiles.family.Families;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.safetensors.StoredType;
import io.goodhart.modelfiles.safetensors.TensorInfo;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A GPT-2 with random weights, the same for the same sizes: norms 1, biases 0, the rest uniform with standard deviation 0.02.
 *
 * @param width D
 * @param layers L
 * @param vocabulary V
 */
public record RandomGpt2(int width, int layers, int vocabulary) {
    private static final String FILE = "model.safetensors";

    /** The sizes of GPT-2 small: 124 million weights. */
    public static RandomGpt2 small() {
        return new RandomGpt2(768, 12, 50_257);
    }

    /** The model's directory below {@code parent}, written unless it is there. */
    public Path in(Path parent) throws IOException {
        Path directory = parent.resolve("random-gpt2-d%d-l%d-v%d".formatted(width, layers, vocabulary));
        if (!Files.exists(directory.resolve(FILE))) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), config());
            writeWeights(directory);
        }
        return directory;
    }

    private String config() {
        return """
                {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": %d, "n_head": %d, "n_layer": %d,
                 "n_positions": 1024, "vocab_size": %d, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05,
                 "embd_pdrop": 0.0, "attn_pdrop": 0.0, "resid_pdrop": 0.0, "bos_token_id": 0, "eos_token_id": 0,
                 "tie_word_embeddings": true, "torch_dtype": "float32"}
                """.formatted(width, width / 64, layers, vocabulary);
    }

    private void writeWeights(Path directory) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
            for (ExpectedTensor tensor :
                    WeightTable.of(Families.read(directory)).tensors()) {
                MemorySegment values = arena.allocate(4 * tensor.elements(), 8);
                fill(values, tensor);
                writer.add(tensor.name(), new TensorInfo(StoredType.F32, tensor.shape()), values);
            }
            writer.writeTo(directory.resolve(FILE));
        }
    }

    private static void fill(MemorySegment values, ExpectedTensor tensor) {
        boolean matrix = tensor.shape().size() > 1;
        float constant = tensor.name().endsWith(".weight") ? 1 : 0;
        SplitMix random = new SplitMix(Seeds.derive(1, tensor.name()));
        double halfWidth = 0.02 * Math.sqrt(3);
        for (long i = 0; i < tensor.elements(); i++) {
            float value = matrix ? (float) (halfWidth * (2 * random.uniform() - 1)) : constant;
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
    }
}
