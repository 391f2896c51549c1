package io.goodhart.tensor;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Reproducible test numbers, standard normal. */
final class Numbers {
    private Numbers() {}

    static Tensor floats(long seed, long... shape) {
        double[] values = values(seed, shape);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensors.of(floats, shape);
    }

    static Tensor doubles(long seed, long... shape) {
        return Tensors.of(values(seed, shape), shape);
    }

    private static double[] values(long seed, long[] shape) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }
}
