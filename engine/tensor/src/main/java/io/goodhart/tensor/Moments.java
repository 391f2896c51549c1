package io.goodhart.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What an optimiser remembers: tensors per parameter and kind, and how often each parameter was updated. */
final class Moments implements AutoCloseable {
    private static final String STEP = "step";

    private final TensorStore store = new TensorStore();

    Moments(Map<String, Tensor> parameters, List<String> kinds) {
        try (Scope _ = Scope.open()) {
            parameters.forEach((name, parameter) -> {
                kinds.forEach(kind -> store.add(kind + "/" + name, Tensors.zerosLike(parameter)));
                store.add(STEP + "/" + name, Tensors.zeros(1));
            });
        }
    }

    Tensor get(String kind, String name) {
        return store.get(kind + "/" + name);
    }

    /** Counts an update and says which one it is, from 1. Exact up to 2²⁴ updates. */
    long next(String name) {
        Tensor step = get(STEP, name);
        long next = (long) step.asFloat() + 1;
        try (Scope _ = Scope.open()) {
            step.copyFrom(Tensors.of(new float[] {next}, 1));
        }
        return next;
    }

    SequencedMap<String, Tensor> state() {
        return new LinkedHashMap<>(store.asMap());
    }

    @Override
    public void close() {
        store.close();
    }
}
