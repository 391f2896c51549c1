package io.goodhart.tensor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Owner of long-lived tensors by name: weights, optimiser state, caches. Closing it frees them. Adding happens on the thread
 * whose scope made the tensor; reading is safe from every thread once filled; close it only when no thread computes with it.
 */
public final class TensorStore implements AutoCloseable {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Takes the tensor out of its scope.
     *
     * @return the tensor itself
     */
    public synchronized Tensor add(String name, Tensor tensor) {
        if (tensors.containsKey(name)) {
            throw new IllegalArgumentException("There is a tensor " + name + " already");
        }
        tensor.release();
        tensors.put(name, tensor);
        return tensor;
    }

    /** Frees the tensor of that name, if any, and owns the new one in its place. */
    public synchronized Tensor replace(String name, Tensor tensor) {
        Tensor old = tensors.remove(name);
        if (old != null && old != tensor) {
            old.close();
        }
        return add(name, tensor);
    }

    /**
     * The tensor of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public synchronized Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("No tensor " + name);
        }
        return tensor;
    }

    public synchronized boolean contains(String name) {
        return tensors.containsKey(name);
    }

    /** Names in the order of adding. */
    public synchronized Set<String> names() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(tensors.keySet()));
    }

    /** A snapshot of names and tensors in the order of adding; the tensors stay owned by the store. */
    public synchronized Map<String, Tensor> asMap() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    @Override
    public synchronized void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
    }
}
