package io.goodhart.tuning.optimize;

/**
 * Learning rate of update k = 0, 1, …, as a factor of the base rate. Linear warm-up starts at 0, so that update 0 of a
 * schedule with warm-up changes nothing: factor k / warm-up. That is what transformers does.
 */
public sealed interface Schedule {
    /** Factor of the base rate for update k, counted from 0. */
    double factor(int update);

    /** Warm-up, then 1. */
    record Constant(int warmupSteps) implements Schedule {
        public Constant {
            requireSteps(warmupSteps, 0);
        }

        @Override
        public double factor(int update) {
            return update < warmupSteps ? warmUp(update, warmupSteps) : 1;
        }
    }

    /** Warm-up that reaches 1 by way of (k + 1) / (warm-up + 1), then 1: no update is wasted (Lee et al. 2024's code). */
    record ConstantAfterEarlyWarmup(int warmupSteps) implements Schedule {
        public ConstantAfterEarlyWarmup {
            requireSteps(warmupSteps, 0);
        }

        @Override
        public double factor(int update) {
            return Math.min(1, (update + 1.0) / (warmupSteps + 1.0));
        }
    }

    /**
     * Warm-up, then a straight line from 1 to the floor at {@code totalSteps}; stays there.
     *
     * @param floor factor at the end, 0 ≤ floor ≤ 1
     */
    record Linear(int warmupSteps, int totalSteps, double floor) implements Schedule {
        public Linear {
            requireSteps(warmupSteps, totalSteps);
            requireFloor(floor);
        }

        @Override
        public double factor(int update) {
            if (update < warmupSteps) {
                return warmUp(update, warmupSteps);
            }
            double left = Math.max(0, (totalSteps - update) / (double) Math.max(1, totalSteps - warmupSteps));
            return aboveFloor(floor, left);
        }
    }

    /**
     * Warm-up, then half a cosine from 1 to the floor at {@code totalSteps}. As in transformers it rises again behind that
     * step.
     *
     * @param floor factor at the end, 0 ≤ floor ≤ 1
     */
    record Cosine(int warmupSteps, int totalSteps, double floor) implements Schedule {
        public Cosine {
            requireSteps(warmupSteps, totalSteps);
            requireFloor(floor);
        }

        @Override
        public double factor(int update) {
            if (update < warmupSteps) {
                return warmUp(update, warmupSteps);
            }
            double progress = (update - warmupSteps) / (double) Math.max(1, totalSteps - warmupSteps);
            return aboveFloor(floor, Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress))));
        }
    }

    private static double warmUp(int update, int warmupSteps) {
        return update / (double) Math.max(1, warmupSteps);
    }

    private static double aboveFloor(double floor, double decay) {
        return floor == 0 ? decay : floor + (1 - floor) * decay;
    }

    private static void requireSteps(int warmupSteps, int totalSteps) {
        if (warmupSteps < 0 || totalSteps < 0) {
            throw new IllegalArgumentException(
                    "Need warm-up and total steps >= 0, got %d and %d".formatted(warmupSteps, totalSteps));
        }
    }

    private static void requireFloor(double floor) {
        if (!(floor >= 0 && floor <= 1)) {
            throw new IllegalArgumentException("Need 0 <= floor <= 1, got " + floor);
        }
    }
}
