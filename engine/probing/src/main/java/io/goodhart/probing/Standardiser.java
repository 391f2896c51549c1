package io.goodhart.probing;

/**
 * Per-feature standardisation z = (x − μ)/σ, as scikit-learn's StandardScaler: σ is the population standard deviation (divided by n),
 * and 1 for a feature that does not vary beyond rounding.
 */
public record Standardiser(DenseVector mean, DenseVector scale) {
    private static final double EPSILON = Math.ulp(1.0);

    public Standardiser {
        if (mean.size() != scale.size()) {
            throw new IllegalArgumentException("Sizes differ: " + mean.size() + " and " + scale.size());
        }
        for (int j = 0; j < scale.size(); j++) {
            if (!(scale.get(j) > 0)) {
                throw new IllegalArgumentException("Scale " + j + " is " + scale.get(j));
            }
        }
    }

    /** Leaves features as they are: μ = 0, σ = 1. */
    public static Standardiser identity(int d) {
        return new Standardiser(DenseVector.filled(d, 0), DenseVector.filled(d, 1));
    }

    /** μ and σ of these rows, in two passes. */
    public static Standardiser of(Activations rows) {
        int n = rows.n();
        int d = rows.d();
        if (n == 0) {
            throw new IllegalArgumentException("Need a row or more");
        }
        float[] x = rows.valuesND();
        double[] mean = new double[d];
        for (int i = 0; i < n; i++) {
            addTo(mean, x, i * d);
        }
        for (int j = 0; j < d; j++) {
            mean[j] /= n;
        }
        double[] squares = new double[d];
        double[] residuals = new double[d];
        for (int i = 0; i < n; i++) {
            addSquares(squares, residuals, mean, x, i * d);
        }
        double[] scale = new double[d];
        for (int j = 0; j < d; j++) {
            double variance = (squares[j] - residuals[j] * residuals[j] / n) / n; // residuals: the mean's own rounding
            scale[j] = isConstant(variance, mean[j], n) ? 1 : Math.sqrt(variance);
        }
        return new Standardiser(DenseVector.of(mean), DenseVector.of(scale));
    }

    /** Number of features. */
    public int d() {
        return mean.size();
    }

    private static void addTo(double[] sum, float[] x, int offset) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += x[offset + j];
        }
    }

    private static void addSquares(double[] squares, double[] residuals, double[] mean, float[] x, int offset) {
        for (int j = 0; j < squares.length; j++) {
            double residual = x[offset + j] - mean[j];
            residuals[j] += residual;
            squares[j] += residual * residual;
        }
    }

    /** The bound on the variance that rounding alone can make; Chan, Golub and LeVeque 1983, as in scikit-learn. */
    private static boolean isConstant(double variance, double mean, int n) {
        double fromMean = n * mean * EPSILON;
        return variance <= n * EPSILON * variance + fromMean * fromMean;
    }
}
