package io.goodhart.probing.fit;

import static io.goodhart.probing.fit.Descent.add;
import static io.goodhart.probing.fit.Descent.dot;
import static io.goodhart.probing.fit.Descent.norm;
import static io.goodhart.probing.fit.Descent.scale;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS: Nocedal and Wright 2006, algorithms 7.4 and 7.5, with the line search of {@link Descent}. Float64,
 * deterministic. For functions that have no cheap product with their Hessian, convex or not.
 *
 * @param gradientTolerance stop when ‖∇f‖₂ is at most this times max(1, ‖x‖₂)
 */
record Lbfgs(double gradientTolerance, int maxIterations) {
    private static final int MEMORY = 10;
    /** Curvature s·y below this share of ‖s‖‖y‖ tells nothing of the Hessian. */
    private static final double LEAST_CURVATURE = 1e-10;

    Lbfgs {
        if (!(gradientTolerance > 0) || maxIterations < 1) {
            throw new IllegalArgumentException("Need a positive tolerance and one iteration or more, got "
                    + gradientTolerance + " and " + maxIterations);
        }
    }

    /** Looks at each point on the way. */
    interface Watch {
        /** Whether to go on from here. */
        boolean goesOn(double[] x);
    }

    /** A step s = x′ − x and the change of the gradient y = ∇f(x′) − ∇f(x). */
    private static final class Change {
        private final double[] s;
        private final double[] y;
        private final double rho;

        Change(double[] s, double[] y) {
            this.s = s;
            this.y = y;
            this.rho = 1 / dot(s, y);
        }

        boolean isUseful() {
            return dot(s, y) > LEAST_CURVATURE * norm(s) * norm(y);
        }
    }

    /** Where it ends: where the gradient vanishes, nothing falls any more, the watch says stop, or the iterations are used up. */
    Descent minimise(Descent.Objective objective, double[] start, Watch watch) {
        Descent at = new Descent(objective, start);
        Deque<Change> changes = new ArrayDeque<>(); // newest first
        for (int i = 0; i < maxIterations && !isFlat(at) && watch.goesOn(at.x()); i++) {
            double[] before = at.x();
            double[] gradient = at.gradient();
            if (!at.advance(direction(gradient, changes))) {
                if (changes.isEmpty()) {
                    break; // not even along the steepest descent
                }
                changes.clear();
                continue;
            }
            Change change = new Change(difference(at.x(), before), difference(at.gradient(), gradient));
            if (change.isUseful()) {
                changes.addFirst(change);
            }
            if (changes.size() > MEMORY) {
                changes.removeLast();
            }
        }
        return at;
    }

    private boolean isFlat(Descent at) {
        return norm(at.gradient()) <= gradientTolerance * Math.max(1, norm(at.x()));
    }

    /** −H·g, H being the inverse Hessian that the changes tell of; without any the first step is at most one long. */
    private static double[] direction(double[] gradient, Deque<Change> changes) {
        double[] q = gradient.clone();
        scale(q, -1);
        if (changes.isEmpty()) {
            scale(q, 1 / Math.max(1, norm(q)));
            return q;
        }
        double[] alphas = new double[changes.size()];
        int k = 0;
        for (Change change : changes) {
            alphas[k] = change.rho * dot(change.s, q);
            add(q, -alphas[k++], change.y);
        }
        Change newest = changes.getFirst();
        scale(q, 1 / (newest.rho * dot(newest.y, newest.y)));
        for (Iterator<Change> oldestFirst = changes.descendingIterator(); oldestFirst.hasNext(); ) {
            Change change = oldestFirst.next();
            add(q, alphas[--k] - change.rho * dot(change.y, q), change.s);
        }
        return q;
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        add(difference, -1, b);
        return difference;
    }
}
