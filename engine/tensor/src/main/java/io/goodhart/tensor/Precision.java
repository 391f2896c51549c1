package io.goodhart.tensor;

/**
 * The type in which a thread computes the products of a model's blocks. Weights, gradients, optimiser state, norms, softmaxes over
 * the vocabulary and losses are float32 in any case.
 */
public enum Precision {
    /** What the reference values are made in. */
    FLOAT32,

    /**
     * The factors of every linear map and of attention are rounded to 8 significant bits, products are summed in float32 and the
     * result is rounded again. Needs hardware for it: a CPU without is slower than in float32.
     */
    BFLOAT16;

    /** What suits a device: tensor cores want bfloat16, a CPU float32. */
    public static Precision of(Device device) {
        return switch (device) {
            case Device.Cpu _ -> FLOAT32;
            case Device.Cuda _ -> BFLOAT16;
        };
    }
}
