package io.goodhart.probing.fit;

import io.goodhart.probing.Calibration;
import io.goodhart.probing.FittedProbe;
import java.util.Arrays;
import java.util.Optional;

/**
 * a and b of p(y = 1 | z) = σ(a·z + b): Platt 1999, "Probabilistic outputs for support vector machines", with his smoothed targets
 * t₊ = (N₊ + 1)/(N₊ + 2) and t₋ = 1/(N₋ + 2), by Newton's method with backtracking as in Lin, Lin and Weng 2007, Machine Learning 68,
 * p. 267 (whose A is −a and whose B is −b). Float64, deterministic.
 */
public final class PlattScaling {
    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-10;
    private static final double RIDGE = 1e-12;
    private static final double SUFFICIENT = 1e-4;
    private static final double SMALLEST_STEP = 1e-10;

    private final double[] logits;
    private final double[] targets;
    private double a;
    private double b;

    private PlattScaling(double[] logits, double[] targets, double b) {
        this.logits = logits;
        this.targets = targets;
        this.b = b;
    }

    /**
     * The calibration of these logits, with threshold ½; empty if there is none that keeps their order: a class is missing, all
     * logits are the same, or they fall where the label rises.
     */
    public static Optional<Calibration> of(boolean[] labels, double[] logits) {
        if (labels.length != logits.length) {
            throw new IllegalArgumentException(
                    "Need a label for each logit, got " + labels.length + " and " + logits.length);
        }
        int positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        int negatives = labels.length - positives;
        boolean vary = Arrays.stream(logits).anyMatch(logit -> logit != logits[0]);
        if (positives == 0 || negatives == 0 || !vary) {
            return Optional.empty();
        }
        double[] targets = new double[labels.length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = labels[i] ? (positives + 1) / (positives + 2.0) : 1 / (negatives + 2.0);
        }
        PlattScaling scaling = new PlattScaling(logits, targets, Math.log((positives + 1) / (negatives + 1.0)));
        scaling.fit();
        return scaling.a > 0 ? Optional.of(new Calibration(scaling.a, scaling.b, 0.5)) : Optional.empty();
    }

    private void fit() {
        double value = loss(a, b);
        for (int i = 0; i < MAX_ITERATIONS; i++) {
            double ga = 0;
            double gb = 0;
            double haa = RIDGE;
            double hab = 0;
            double hbb = RIDGE;
            for (int n = 0; n < logits.length; n++) {
                double p = FittedProbe.sigmoid(a * logits[n] + b);
                double curvature = p * (1 - p);
                ga += logits[n] * (p - targets[n]);
                gb += p - targets[n];
                haa += logits[n] * logits[n] * curvature;
                hab += logits[n] * curvature;
                hbb += curvature;
            }
            if (Math.abs(ga) < TOLERANCE && Math.abs(gb) < TOLERANCE) {
                return;
            }
            double determinant = haa * hbb - hab * hab;
            double da = -(hbb * ga - hab * gb) / determinant;
            double db = -(haa * gb - hab * ga) / determinant;
            double next = step(da, db, value, ga * da + gb * db);
            if (!(next < value)) {
                return; // rounding: no further progress is measurable
            }
            value = next;
        }
    }

    /** Goes as far along (da, db) as the loss falls enough; the loss there, or where it was if it falls nowhere. */
    private double step(double da, double db, double value, double slope) {
        for (double step = 1; step >= SMALLEST_STEP; step /= 2) {
            double trial = loss(a + step * da, b + step * db);
            if (trial < value + SUFFICIENT * step * slope) {
                a += step * da;
                b += step * db;
                return trial;
            }
        }
        return value;
    }

    /** −Σ t ln p + (1 − t) ln(1 − p). */
    private double loss(double slope, double intercept) {
        double sum = 0;
        for (int n = 0; n < logits.length; n++) {
            double z = slope * logits[n] + intercept;
            sum += LogisticObjective.softPlus(z) - targets[n] * z;
        }
        return sum;
    }
}
