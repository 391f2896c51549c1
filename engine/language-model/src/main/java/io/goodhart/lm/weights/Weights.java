package io.goodhart.lm.weights;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.Checkpoint;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The float32 weights of a model by Hugging Face name, in the layout of the checkpoint. Owns the tensors it made. */
public final class Weights implements AutoCloseable {
    private final TensorStore owned = new TensorStore();
    private final Map<String, Tensor> all = new LinkedHashMap<>();

    private Weights() {}

    /**
     * Copies every tensor of a checkpoint into native memory as float32, piece by piece.
     *
     * @throws InvalidInputException naming the tensor with a value that is not a finite number
     */
    public static Weights load(Checkpoint checkpoint) {
        Weights weights = new Weights();
        for (ExpectedTensor tensor : checkpoint.table().tensors()) {
            try (Scope scope = Scope.open()) {
                weights.put(tensor.name(), read(checkpoint.file(), checkpoint.storedName(tensor)));
            } catch (RuntimeException e) {
                weights.close();
                throw e;
            }
        }
        return weights;
    }

    private static Tensor read(SafetensorsFile file, String name) {
        return Tensors.of(
                (from, target) -> file.readFinite(name, from, target),
                file.info(name).dimensions());
    }

    /** These weights with some replaced. What is not replaced is shared, so these must stay open as long as the result. */
    public Weights with(Map<String, Tensor> replacements) {
        Weights weights = new Weights();
        weights.all.putAll(all);
        replacements.forEach((name, tensor) -> {
            get(name);
            weights.put(name, tensor);
        });
        return weights;
    }

    private void put(String name, Tensor tensor) {
        all.put(name, owned.add(name, tensor));
    }

    /** The weight of this name. */
    public Tensor get(String name) {
        Tensor tensor = all.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("No weight " + name);
        }
        return tensor;
    }

    /** The weight of this name, or null if the architecture has none. */
    public @Nullable Tensor find(String name) {
        return all.get(name);
    }

    /** All weights, in the order of the forward pass. */
    public Map<String, Tensor> asMap() {
        return Collections.unmodifiableMap(all);
    }

    @Override
    public void close() {
        owned.close();
    }
}
