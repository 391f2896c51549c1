package io.goodhart.tensor;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What an optimiser remembers: tensors per parameter and kind, and how often each parameter was updated. */
final class Moments implements AutoCloseable {
    private static final String STEP = "step";

    private final List<String> kinds;
    private final Map<String, Tensor> parameters;
    private final Map<String, Long> steps = new LinkedHashMap<>();
    private final TensorStore store = new TensorStore();

    Moments(Map<String, Tensor> parameters, List<String> kinds) {
        this.parameters = parameters;
        this.kinds = kinds;
        parameters.forEach((name, parameter) -> {
            steps.put(name, 0L);
            kinds.forEach(kind -> store.add(kind + "/" + name, Tensors.zerosLike(parameter)));
        });
    }

    Tensor get(String kind, String name) {
        return store.get(kind + "/" + name);
    }

    /** Counts an update and says which one it is, from 1. */
    long next(String name) {
        return steps.merge(name, 1L, Long::sum);
    }

    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(store.asMap());
        steps.forEach((name, step) -> state.put(STEP + "/" + name, Tensors.of(new long[] {step}, 1)));
        return state;
    }

    void restore(Map<String, Tensor> state) {
        Set<String> expected = new HashSet<>(store.names());
        parameters.keySet().forEach(name -> expected.add(STEP + "/" + name));
        if (!expected.equals(state.keySet())) {
            Set<String> different = new HashSet<>(expected);
            state.keySet().forEach(name -> {
                if (!different.remove(name)) {
                    different.add(name);
                }
            });
            throw new IllegalArgumentException("Missing or unknown in the optimiser state: " + different);
        }
        try (Autograd.Mode _ = Autograd.paused()) {
            for (String name : parameters.keySet()) {
                kinds.forEach(kind -> get(kind, name).copyFrom(entry(state, kind, name)));
                steps.put(name, entry(state, STEP, name).asLong());
            }
        }
    }

    private static Tensor entry(Map<String, Tensor> state, String kind, String name) {
        return Objects.requireNonNull(state.get(kind + "/" + name));
    }

    @Override
    public void close() {
        store.close();
    }
}
