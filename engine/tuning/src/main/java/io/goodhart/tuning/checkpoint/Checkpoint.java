package io.goodhart.tuning.checkpoint;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * A safetensors file from which training continues bit by bit: trainable weights and optimiser state as float32, the rest in
 * its metadata. It appears at once or not at all.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String FORMAT = "goodhart-checkpoint-2";

    private final SafetensorsFile file;
    private final CheckpointHeader header;

    private Checkpoint(SafetensorsFile file, CheckpointHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Writes the values of these tensors by name. */
    public static void write(Path path, CheckpointHeader header, SequencedMap<String, Tensor> tensors)
            throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("format", FORMAT)
                .metadata("step", Integer.toString(header.step()))
                .metadata("tokens", Long.toString(header.tokens()))
                .metadata("fingerprint", header.fingerprint());
        tensors.forEach((name, tensor) -> writer.add(name, tensor::read, tensor.shape()));
        writer.writeTo(path);
    }

    /**
     * Opens a checkpoint.
     *
     * @throws InvalidInputException if it is damaged or something else
     */
    public static Checkpoint open(Path path) throws IOException {
        SafetensorsFile file = SafetensorsFile.open(path);
        try {
            return new Checkpoint(file, header(path, file.metadata()));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static CheckpointHeader header(Path path, Map<String, String> metadata) {
        if (!FORMAT.equals(metadata.get("format"))) {
            throw refuse(path, "is not a checkpoint of the format " + FORMAT);
        }
        try {
            return new CheckpointHeader(
                    Integer.parseInt(metadata.getOrDefault("step", "")),
                    Long.parseLong(metadata.getOrDefault("tokens", "")),
                    metadata.getOrDefault("fingerprint", ""));
        } catch (NumberFormatException e) {
            throw refuse(path, "has a number that cannot be read: " + e.getMessage());
        }
    }

    public CheckpointHeader header() {
        return header;
    }

    /**
     * Copies the stored values into tensors of the same names and shapes.
     *
     * @throws InvalidInputException if names or shapes differ, or if the checkpoint belongs to another training: then nothing
     *     is changed; or if a value is not a finite number
     */
    public void restore(String fingerprint, SequencedMap<String, Tensor> tensors) {
        Path path = file.files().getFirst();
        if (!header.fingerprint().equals(fingerprint)) {
            throw refuse(path, "belongs to a training with other data or settings");
        }
        Set<String> different = new TreeSet<>(file.names());
        different.addAll(tensors.keySet());
        different.removeIf(name -> file.contains(name) && tensors.containsKey(name));
        if (!different.isEmpty()) {
            throw refuse(path, "and the training do not both have the tensors " + different);
        }
        tensors.forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.shape(), file.info(name).dimensions())) {
                throw refuse(
                        path,
                        "has %s of shape %s instead of %s"
                                .formatted(name, file.info(name).shape(), tensor));
            }
        });
        tensors.forEach(this::restore);
    }

    private void restore(String name, Tensor tensor) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            tensor.copyFrom(Tensors.of((from, target) -> file.readFinite(name, from, target), tensor.shape()));
        }
    }

    private static InvalidInputException refuse(Path path, String why) {
        return new InvalidInputException(
                new Problem("checkpoint_invalid", String.valueOf(path.getFileName()), path.getFileName() + " " + why));
    }

    @Override
    public void close() {
        file.close();
    }
}
