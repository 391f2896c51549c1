package io.goodhart.probing.fit;

import static io.goodhart.probing.fit.Descent.add;
import static io.goodhart.probing.fit.Descent.dot;
import static io.goodhart.probing.fit.Descent.norm;
import static io.goodhart.probing.fit.Descent.scale;

import io.goodhart.probing.DenseVector;

/**
 * Newton's method for smooth, strongly convex functions, with steps from conjugate gradients that stop early: Dembo and Steihaug
 * 1983, Mathematical Programming 26, p. 190; Nocedal and Wright 2006, algorithm 7.1. A few directions of large curvature, as
 * activations of a language model have, cost a few products with the Hessian each, where a quasi-Newton method takes hundreds of
 * steps. Float64, deterministic.
 *
 * @param gradientTolerance stop when ‖∇f‖₂ is at most this
 * @param maxIterations Newton steps
 */
record TruncatedNewton(double gradientTolerance, int maxIterations) {
    private static final int MAX_PRODUCTS = 1000;
    /** Largest residual of a step, relative to the gradient. */
    private static final double LARGEST_RESIDUAL = 0.3;
    /** A step need not be better than what ends the search. */
    private static final double LAST_RESIDUAL = 0.5;

    TruncatedNewton {
        if (!(gradientTolerance > 0) || maxIterations < 1) {
            throw new IllegalArgumentException("Need a positive tolerance and one iteration or more, got "
                    + gradientTolerance + " and " + maxIterations);
        }
    }

    /** A function with its derivatives. */
    interface Objective extends Descent.Objective {
        /** Writes ∇²f(x)·v into {@code product}, x being where the function was evaluated last. */
        void multiply(double[] v, double[] product);
    }

    /** Where the search ended. */
    record Minimum(DenseVector x, double value, double gradientNorm, int iterations, int evaluations, int products) {}

    Minimum minimise(Objective objective, double[] start) {
        Descent at = new Descent(objective, start);
        Steps steps = new Steps(objective);
        double first = norm(at.gradient());
        int iterations = 0;
        while (norm(at.gradient()) > gradientTolerance && iterations < maxIterations) {
            double size = norm(at.gradient());
            double wanted = Math.min(LARGEST_RESIDUAL, Math.sqrt(size / first)) * size;
            double[] direction = steps.newton(at.gradient(), Math.max(wanted, LAST_RESIDUAL * gradientTolerance));
            if (!at.advance(direction)) {
                break; // rounding: no further progress is measurable
            }
            iterations++;
        }
        return new Minimum(
                DenseVector.of(at.x()), at.value(), norm(at.gradient()), iterations, at.evaluations(), steps.products);
    }

    /** Steps from where the objective was evaluated last. */
    private static final class Steps {
        private final Objective objective;
        private int products;

        Steps(Objective objective) {
            this.objective = objective;
        }

        /** p with ‖∇²f·p + ∇f‖ at most {@code residual}, by conjugate gradients from 0. */
        double[] newton(double[] gradient, double residual) {
            double[] step = new double[gradient.length];
            double[] rest = gradient.clone();
            scale(rest, -1);
            double[] along = rest.clone();
            double[] product = new double[gradient.length];
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
    }
}
