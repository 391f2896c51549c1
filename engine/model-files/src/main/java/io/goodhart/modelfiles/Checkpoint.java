package io.goodhart.modelfiles;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.family.Families;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Configuration and weights of a model directory, checked against each other and open for reading. A tokenizer is not needed.
 */
public final class Checkpoint implements AutoCloseable {
    private static final int PIECE = 1 << 16;

    private final ModelConfig config;
    private final WeightTable table;
    private final SafetensorsFile file;
    private final Map<String, String> storedNames;

    private Checkpoint(ModelConfig config, WeightTable table, SafetensorsFile file) {
        this.config = config;
        this.table = table;
        this.file = file;
        this.storedNames = table.storedNames(file.names());
    }

    /**
     * Opens a directory.
     *
     * @throws InvalidInputException with every problem, each naming the file or tensor it is about
     */
    public static Checkpoint open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new InvalidInputException(
                    new Problem("model_not_found", null, "There is no model directory " + directory.getFileName()));
        }
        ModelConfig config = Families.read(directory);
        WeightTable table = WeightTable.of(config);
        SafetensorsFile file = SafetensorsFile.open(directory);
        List<Problem> problems = table.check(file.infos());
        if (!problems.isEmpty()) {
            file.close();
            throw new InvalidInputException(problems);
        }
        return new Checkpoint(config, table, file);
    }

    /** The architecture. */
    public ModelConfig config() {
        return config;
    }

    /** The tensors that it has. */
    public WeightTable table() {
        return table;
    }

    /** The open file or files. */
    public SafetensorsFile file() {
        return file;
    }

    /**
     * Reads every weight once.
     *
     * @throws InvalidInputException naming the first tensor that holds a value that is not finite
     */
    public void requireFinite() {
        for (ExpectedTensor tensor : table.tensors()) {
            for (long from = 0; from < tensor.elements(); from += PIECE) {
                file.readFinite(storedName(tensor), from, new float[(int) Math.min(PIECE, tensor.elements() - from)]);
            }
        }
    }

    /** The name under which the file stores a tensor of the table. */
    public String storedName(ExpectedTensor tensor) {
        String name = storedNames.get(tensor.name());
        if (name == null) {
            throw new IllegalArgumentException("No tensor " + tensor.name());
        }
        return name;
    }

    @Override
    public void close() {
        file.close();
    }
}
