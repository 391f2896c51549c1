package io.goodhart.benchmarks.engine;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.family.Families;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.safetensors.StoredType;
import io.goodhart.modelfiles.safetensors.TensorInfo;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

/**
 * A model with random weights, the same for the same configuration: norms 1, biases 0, the rest uniform with standard deviation 0.02.
 *
 * @param name its configuration is the resource {@code name.json}
 */
record RandomModel(String name) {
    private static final String FILE = "model.safetensors";

    /** Classifiers read texts. */
    private static final Path TOKENIZER =
            Path.of(System.getProperty("goodhart.root", "."), "models", "tiny-toxicity", Tokenizer.FILE);

    /** The model of this name, if there is one. */
    static Optional<RandomModel> named(String name) {
        return RandomModel.class.getResource(name + ".json") == null
                ? Optional.empty()
                : Optional.of(new RandomModel(name));
    }

    /** The model's directory below {@code parent}, written unless it is there. */
    Path in(Path parent) throws IOException {
        Path directory = parent.resolve("random-" + name);
        if (!Files.exists(directory.resolve(FILE))) {
            Files.createDirectories(directory);
            try (InputStream config = Objects.requireNonNull(RandomModel.class.getResourceAsStream(name + ".json"))) {
                Files.write(directory.resolve("config.json"), config.readAllBytes());
            }
            if (Families.read(directory) instanceof ClassifierConfig) {
                Files.copy(TOKENIZER, directory.resolve(Tokenizer.FILE), StandardCopyOption.REPLACE_EXISTING);
            }
            writeWeights(directory);
        }
        return directory;
    }

    private static void writeWeights(Path directory) throws IOException {
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
