package io.goodhart.lm.generate;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Running sums in float64 of activations, one row per growing response. */
final class PooledSums implements AutoCloseable {
    private final Set<HookPoint> points;
    private final TensorStore store = new TensorStore();

    PooledSums(Set<HookPoint> points) {
        this.points = points;
    }

    boolean isEmpty() {
        return points.isEmpty();
    }

    /** Hooks that add what they see, [B,1,D], behind others. */
    Hooks after(Hooks hooks) {
        Hooks result = hooks;
        for (HookPoint point : points) {
            result = result.observe(point, seenB1D -> add(point, seenB1D.squeeze(1)));
        }
        return result;
    }

    /** Adds what is at a point to the rows, [B,D]. */
    void add(HookPoint point, Tensor floatsBD) {
        Tensor seenBD = floatsBD.to(DataType.FLOAT64);
        String name = point.toString();
        if (store.contains(name)) {
            store.get(name).addInPlace(seenBD);
        } else {
            store.add(name, seenBD);
        }
    }

    /** Keeps some rows, in this order, and appends rows of zeros. */
    void rearrange(List<Integer> kept, int added) {
        for (String name : store.names()) {
            try (Scope scope = Scope.open()) {
                Tensor old = store.get(name);
                Tensor zeros = Tensors.zeros(DataType.FLOAT64, added, old.size(1));
                int[] rows = kept.stream().mapToInt(Integer::intValue).toArray();
                Tensor picked = old.indexSelect(0, Tensors.of(rows, rows.length));
                store.replace(name, Tensors.concat(0, picked, zeros));
            }
        }
    }

    /** Means of a row over so many tokens; empty for none. */
    Map<HookPoint, float[]> means(int row, int tokens) {
        Map<HookPoint, float[]> means = new HashMap<>();
        if (tokens == 0) {
            return means;
        }
        try (Scope scope = Scope.open()) {
            for (HookPoint point : points) {
                double[] sums = store.get(point.toString()).select(0, row).toDoubles();
                float[] mean = new float[sums.length];
                for (int i = 0; i < mean.length; i++) {
                    mean[i] = (float) (sums[i] / tokens);
                }
                means.put(point, mean);
            }
        }
        return means;
    }

    @Override
    public void close() {
        store.close();
    }
}
