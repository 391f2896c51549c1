package io.goodhart.probing.fit;

import io.goodhart.probing.DenseVector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS for smooth convex functions: Liu and Nocedal 1989, Mathematical Programming 45, p. 503, algorithm 2.1, with the
 * two-loop recursion of Nocedal and Wright 2006, algorithm 7.4. Float64, deterministic.
 *
 * <p>A step t is taken when |φ′(t)| ≤ 0.9·|φ′(0)| and φ does not rise beyond rounding (the approximate Wolfe conditions of Hager and
 * Zhang 2005, SIAM Journal on Optimization 16, p. 170): near the optimum the slope still tells what the value no longer can.
 *
 * @param memory number of kept pairs (s, y)
 * @param gradientTolerance stop when ‖∇f‖₂ is at most this
 */
record Lbfgs(int memory, double gradientTolerance, int maxIterations) {
    private static final double SLOPE_SHARE = 0.9;
    private static final double VALUE_SLACK = 1e-12;
    private static final int MAX_TRIALS = 50;

    Lbfgs {
        if (memory < 1 || !(gradientTolerance > 0) || maxIterations < 1) {
            throw new IllegalArgumentException(
                    "Need memory and iterations of one or more and a positive tolerance, got " + memory + ", "
                            + maxIterations + ", " + gradientTolerance);
        }
    }

    /** A function with its gradient. */
    @FunctionalInterface
    interface Objective {
        /** f(x); writes ∇f(x) into {@code gradient}. */
        double evaluate(double[] x, double[] gradient);
    }

    /** Where the search ended. */
    record Minimum(DenseVector x, double value, double gradientNorm, int iterations, int evaluations) {}

    /** One step s, the change y of the gradient along it, and 1/(s·y). */
    private static final class Pair {
        private final double[] s;
        private final double[] y;
        private final double rho;

        Pair(double[] s, double[] y, double rho) {
            this.s = s;
            this.y = y;
            this.rho = rho;
        }
    }

    Minimum minimise(Objective objective, double[] start) {
        Search search = new Search(objective, start);
        Deque<Pair> pairs = new ArrayDeque<>();
        int iterations = 0;
        while (norm(search.gradient) > gradientTolerance && iterations < maxIterations) {
            double[] direction = direction(search.gradient, pairs);
            double firstStep = pairs.isEmpty() ? Math.min(1, 1 / norm(search.gradient)) : 1;
            double[] before = search.x.clone();
            double[] gradientBefore = search.gradient.clone();
            if (!search.advance(direction, firstStep)) {
                break; // rounding: no further progress is measurable
            }
            iterations++;
            double[] s = difference(search.x, before);
            double[] y = difference(search.gradient, gradientBefore);
            double curvature = dot(s, y);
            if (curvature > 0) {
                pairs.addLast(new Pair(s, y, 1 / curvature));
                if (pairs.size() > memory) {
                    pairs.removeFirst();
                }
            }
        }
        return new Minimum(
                DenseVector.of(search.x), search.value, norm(search.gradient), iterations, search.evaluations);
    }

    /** −H·∇f by the two-loop recursion, H₀ = (s·y)/(y·y)·I of the newest pair. */
    private static double[] direction(double[] gradient, Deque<Pair> pairs) {
        double[] q = gradient.clone();
        double[] alphas = new double[pairs.size()];
        int i = pairs.size();
        for (Iterator<Pair> newestFirst = pairs.descendingIterator(); newestFirst.hasNext(); ) {
            Pair pair = newestFirst.next();
            i--;
            alphas[i] = pair.rho * dot(pair.s, q);
            add(q, -alphas[i], pair.y);
        }
        if (!pairs.isEmpty()) {
            Pair newest = pairs.getLast();
            scale(q, 1 / (newest.rho * dot(newest.y, newest.y)));
        }
        for (Pair pair : pairs) {
            double beta = pair.rho * dot(pair.y, q);
            add(q, alphas[i] - beta, pair.s);
            i++;
        }
        scale(q, -1);
        return q;
    }

    /** The current point and the line search from it. */
    private static final class Search {
        private final Objective objective;
        private double[] x;
        private double[] gradient;
        private double value;
        private int evaluations;

        Search(Objective objective, double[] start) {
            this.objective = objective;
            this.x = start.clone();
            this.gradient = new double[start.length];
            this.value = evaluate(x, gradient);
        }

        /** Moves to an acceptable point along the direction; false if there is none. */
        boolean advance(double[] direction, double firstStep) {
            double slope0 = dot(gradient, direction);
            if (!(slope0 < 0)) {
                return false;
            }
            double low = 0;
            double lowSlope = slope0;
            double high = Double.POSITIVE_INFINITY;
            double highSlope = 0;
            double step = firstStep;
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

    private static double[] difference(double[] a, double[] b) {
        double[] result = a.clone();
        add(result, -1, b);
        return result;
    }
}
