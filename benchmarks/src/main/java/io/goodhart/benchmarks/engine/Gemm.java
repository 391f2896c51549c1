package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;

/** Speed of a square float32 matrix product: the yardstick for everything else. */
public final class Gemm {
    private static final double GIGA = 1e9;

    private final int size;
    private final int products;

    /**
     * A product of [n,n] by [n,n].
     *
     * @param size n
     * @param products how many make one reading
     */
    public Gemm(int size, int products) {
        this.size = size;
        this.products = products;
    }

    /** Measures it as a case of its own. */
    public void run(Recorder recorder) {
        recorder.measure("gemm-" + size, this::sample);
    }

    /** One reading, in units of 10⁹ floating-point operations. */
    public Sample sample() {
        try (Scope _ = Scope.open()) {
            Tensor left = Tensors.full(DataType.FLOAT32, 0.5, size, size);
            Tensor right = Tensors.full(DataType.FLOAT32, 0.25, size, size);
            multiply(left, right); // pages in
            Lap lap = Lap.of(() -> {
                for (int i = 0; i < products; i++) {
                    multiply(left, right);
                }
            });
            return Sample.of(lap, "GFLOP", products * 2.0 * size * size * size / GIGA);
        }
    }

    private static void multiply(Tensor left, Tensor right) {
        try (Scope _ = Scope.open()) {
            left.matMul(right);
        }
    }
}
