package io.goodhart.probing.fit;

/**
 * A point of a minimisation that moves along directions, each time to where the function is lower. A step t is taken when
 * |φ′(t)| ≤ 0.9·|φ′(0)| and φ does not rise beyond rounding (the approximate Wolfe conditions of Hager and Zhang 2005, SIAM Journal on
 * Optimization 16, p. 170): near the optimum the slope still tells what the value no longer can.
 */
final class Descent {
    private static final double SLOPE_SHARE = 0.9;
    private static final double VALUE_SLACK = 1e-12;
    private static final int MAX_TRIALS = 50;

    private final Objective objective;
    private double[] x;
    private double[] gradient;
    private double value;
    private int evaluations;

    Descent(Objective objective, double[] start) {
        this.objective = objective;
        this.x = start.clone();
        this.gradient = new double[start.length];
        this.value = evaluate(x, gradient);
    }

    /** A function with its gradient. */
    interface Objective {
        /** f(x); writes ∇f(x) into {@code gradient}. */
        double evaluate(double[] x, double[] gradient);
    }

    /** Where it is; not a copy, and no longer changed. */
    double[] x() {
        return x;
    }

    /** ∇f there; not a copy, and no longer changed. */
    double[] gradient() {
        return gradient;
    }

    double value() {
        return value;
    }

    int evaluations() {
        return evaluations;
    }

    /** Moves to an acceptable point along the direction, the whole step first; false if there is none. */
    boolean advance(double[] direction) {
        double slope0 = dot(gradient, direction);
        if (!(slope0 < 0)) {
            return false;
        }
        double low = 0;
        double lowSlope = slope0;
        double high = Double.POSITIVE_INFINITY;
        double highSlope = 0;
        double step = 1;
        double[] trial = new double[x.length];
        double[] trialGradient = new double[x.length];
        for (int attempt = 0; attempt < MAX_TRIALS; attempt++) {
            for (int j = 0; j < x.length; j++) {
                trial[j] = x[j] + step * direction[j];
            }
            double trialValue = evaluate(trial, trialGradient);
            double slope = dot(trialGradient, direction);
            boolean rises = !(trialValue <= value + VALUE_SLACK * Math.abs(value)); // so that NaN counts as rising
            if (rises || slope > SLOPE_SHARE * -slope0) {
                high = step;
                highSlope = rises && !(slope > 0) ? Double.POSITIVE_INFINITY : slope;
            } else if (slope < SLOPE_SHARE * slope0) {
                low = step;
                lowSlope = slope;
            } else {
                x = trial;
                gradient = trialGradient;
                value = trialValue;
                return true;
            }
            step = next(low, lowSlope, high, highSlope);
        }
        return false;
    }

    /** The secant's zero of φ′ between the ends, kept away from them; beyond a lower end without an upper one, four times it. */
    private static double next(double low, double lowSlope, double high, double highSlope) {
        if (Double.isInfinite(high)) {
            return 4 * low;
        }
        double secant = Double.isInfinite(highSlope) ? 0.5 : lowSlope / (lowSlope - highSlope);
        return low + Math.clamp(secant, 0.1, 0.9) * (high - low);
    }

    private double evaluate(double[] point, double[] gradientOut) {
        evaluations++;
        return objective.evaluate(point, gradientOut);
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    static void add(double[] target, double factor, double[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * other[i];
        }
    }

    static void scale(double[] target, double factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] *= factor;
        }
    }
}
