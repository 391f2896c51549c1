package io.goodhart.probing;

import java.util.Arrays;

/** An immutable vector of float64 numbers, all finite. */
public final class DenseVector {
    private final double[] values;

    private DenseVector(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("Element " + i + " is " + values[i]);
            }
        }
        this.values = values;
    }

    /** A copy of these numbers. */
    public static DenseVector of(double... values) {
        return new DenseVector(values.clone());
    }

    /** A copy of these numbers, widened. */
    public static DenseVector of(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return new DenseVector(wide);
    }

    /** The same number everywhere. */
    public static DenseVector filled(int size, double value) {
        double[] values = new double[size];
        Arrays.fill(values, value);
        return new DenseVector(values);
    }

    public int size() {
        return values.length;
    }

    public double get(int index) {
        return values[index];
    }

    /** Σ aᵢbᵢ. */
    public double dot(DenseVector other) {
        checkSize(other.size());
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * other.values[i];
        }
        return sum;
    }

    /** Euclidean length. */
    public double norm() {
        return Math.sqrt(dot(this));
    }

    public DenseVector scaled(double factor) {
        return new DenseVector(Arrays.stream(values).map(v -> v * factor).toArray());
    }

    public DenseVector minus(DenseVector other) {
        checkSize(other.size());
        double[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] -= other.values[i];
        }
        return new DenseVector(result);
    }

    /** Element-wise quotient. */
    public DenseVector dividedBy(DenseVector other) {
        checkSize(other.size());
        double[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] /= other.values[i];
        }
        return new DenseVector(result);
    }

    /** A copy. */
    public double[] toArray() {
        return values.clone();
    }

    /** A copy, rounded to float32. */
    public float[] toFloats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private void checkSize(int size) {
        if (size != values.length) {
            throw new IllegalArgumentException("Sizes differ: " + values.length + " and " + size);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DenseVector vector && Arrays.equals(values, vector.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "DenseVector[%d, norm %.6g]".formatted(values.length, norm());
    }
}
