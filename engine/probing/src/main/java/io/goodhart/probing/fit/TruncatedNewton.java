package io.goodhart.probing.fit;

import io.goodhart.probing.DenseVector;

/**
 * Newton's method for smooth, strongly convex functions, with steps from conjugate gradients that stop early: Dembo and Steihaug
 * 1983, Mathematical Programming 26, p. 190; Nocedal and Wright 2006, algorithm 7.1. A few directions of large curvature, as
 * activations of a language model have, cost a few products with the Hessian each, where a quasi-Newton method takes hundreds of
 * steps. Float64, deterministic.
 *
 * <p>A step t is taken when |φ′(t)| ≤ 0.9·|φ′(0)| and φ does not rise beyond rounding (the approximate Wolfe conditions of Hager and
 * Zhang 2005, SIAM Journal on Optimization 16, p. 170): near the optimum the slope still tells what the value no longer can.
 *
 * @param gradientTolerance stop when ‖∇f‖₂ is at most this
 * @param maxIterations Newton steps
 */
record TruncatedNewton(double gradientTolerance, int maxIterations) {
    private static final double SLOPE_SHARE = 0.9;
    private static final double VALUE_SLACK = 1e-12;
    private static final int MAX_TRIALS = 50;
    private static final int MAX_PRODUCTS = 1000;
    /** Largest residual of a step, relative to the gradient. */
    private static final double LARGEST_RESIDUAL = 0.1;
    /** A step need not be better than what ends the search. */
    private static final double LAST_RESIDUAL = 0.3;

    TruncatedNewton {
        if (!(gradientTolerance > 0) || maxIterations < 1) {
            throw new IllegalArgumentException("Need a positive tolerance and one iteration or more, got "
                    + gradientTolerance + " and " + maxIterations);
        }
    }

    /** A function with its derivatives. */
    interface Objective {
        /** f(x); writes ∇f(x) into {@code gradient}. */
        double evaluate(double[] x, double[] gradient);

        /** Writes ∇²f(x)·v into {@code product}, x being where the function was evaluated last. */
        void multiply(double[] v, double[] product);
    }

    /** Where the search ended. */
    record Minimum(DenseVector x, double value, double gradientNorm, int iterations, int evaluations, int products) {}

    Minimum minimise(Objective objective, double[] start) {
        Search search = new Search(objective, start);
        double first = norm(search.gradient);
        int iterations = 0;
        while (norm(search.gradient) > gradientTolerance && iterations < maxIterations) {
            double size = norm(search.gradient);
            double wanted = Math.min(LARGEST_RESIDUAL, Math.sqrt(size / first)) * size;
            double[] direction = search.newtonStep(Math.max(wanted, LAST_RESIDUAL * gradientTolerance));
            if (!search.advance(direction)) {
                break; // rounding: no further progress is measurable
            }
            iterations++;
        }
        return new Minimum(
                DenseVector.of(search.x),
                search.value,
                norm(search.gradient),
                iterations,
                search.evaluations,
                search.products);
    }

    /** The current point, the step from it and the search along it. */
    private static final class Search {
        private final Objective objective;
        private double[] x;
        private double[] gradient;
        private double value;
        private int evaluations;
        private int products;

        Search(Objective objective, double[] start) {
            this.objective = objective;
            this.x = start.clone();
            this.gradient = new double[start.length];
            this.value = evaluate(x, gradient);
        }

        /** p with ‖∇²f·p + ∇f‖ at most {@code residual}, by conjugate gradients from 0. */
        double[] newtonStep(double residual) {
            double[] step = new double[x.length];
            double[] rest = gradient.clone();
            scale(rest, -1);
            double[] along = rest.clone();
            double[] product = new double[x.length];
            double size = dot(rest, rest);
            for (int i = 0; i < MAX_PRODUCTS && Math.sqrt(size) > residual; i++) {
                objective.multiply(along, product);
                products++;
                double length = size / dot(along, product);
                add(step, length, along);
                add(rest, -length, product);
                double next = dot(rest, rest);
                scale(along, next / size);
                add(along, 1, rest);
                size = next;
            }
            return step;
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
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static void add(double[] target, double factor, double[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * other[i];
        }
    }

    private static void scale(double[] target, double factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] *= factor;
        }
    }
}
