package io.goodhart.probing;

/**
 * A matrix of activations [N,D], float32, row by row: one pooled vector for each example. The array is borrowed, not copied, as it
 * may hold hundreds of megabytes: who hands it over must not change it.
 */
public final class Activations {
    private final float[] valuesND;
    private final int n;
    private final int d;

    private Activations(float[] valuesND, int n, int d) {
        this.valuesND = valuesND;
        this.n = n;
        this.d = d;
    }

    /** Rows that lie one after the other in {@code valuesND}. */
    public static Activations of(float[] valuesND, int n, int d) {
        if (n < 0 || d < 1 || (long) n * d != valuesND.length) {
            throw new IllegalArgumentException(
                    "Need n >= 0, d >= 1 and n*d values, got n = " + n + ", d = " + d + " and " + valuesND.length);
        }
        return new Activations(valuesND, n, d);
    }

    /** Copies these rows, all of the same length. */
    public static Activations ofRows(float[][] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("Need a row or more");
        }
        int d = rows[0].length;
        float[] values = new float[Math.multiplyExact(rows.length, d)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != d) {
                throw new IllegalArgumentException("Row " + i + " has " + rows[i].length + " values, row 0 has " + d);
            }
            System.arraycopy(rows[i], 0, values, i * d, d);
        }
        return of(values, rows.length, d);
    }

    /** Number of rows. */
    public int n() {
        return n;
    }

    /** Width of a row. */
    public int d() {
        return d;
    }

    public float get(int row, int column) {
        return valuesND[row * d + column];
    }

    /** The borrowed array [N,D]: to read, not to write. */
    public float[] valuesND() {
        return valuesND;
    }

    /** A copy of one row. */
    public DenseVector row(int row) {
        double[] values = new double[d];
        for (int j = 0; j < d; j++) {
            values[j] = get(row, j);
        }
        return DenseVector.of(values);
    }

    /** Copies of these rows, in this order; a row may come more than once. */
    public Activations rows(int[] indices) {
        float[] values = new float[Math.multiplyExact(indices.length, d)];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(valuesND, indices[i] * d, values, i * d, d);
        }
        return of(values, indices.length, d);
    }

    /** Products x·w [N] of every row with a vector, in float64. */
    public double[] times(DenseVector weight) {
        double[] w = weight.toArray();
        if (w.length != d) {
            throw new IllegalArgumentException("Sizes differ: " + w.length + " and " + d);
        }
        double[] products = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < d; j++) {
                sum += w[j] * valuesND[i * d + j];
            }
            products[i] = sum;
        }
        return products;
    }
}
