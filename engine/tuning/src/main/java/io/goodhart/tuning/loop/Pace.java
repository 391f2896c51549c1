package io.goodhart.tuning.loop;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Throughput and remaining time of a training. */
final class Pace {
    private final LongSupplier nanoTime;
    private final long startedAt;
    private final int firstStep;
    private final int totalSteps;
    private long stepStartedAt;

    Pace(LongSupplier nanoTime, int firstStep, int totalSteps) {
        this.nanoTime = nanoTime;
        this.firstStep = firstStep;
        this.totalSteps = totalSteps;
        startedAt = nanoTime.getAsLong();
        stepStartedAt = startedAt;
    }

    void startStep() {
        stepStartedAt = nanoTime.getAsLong();
    }

    double tokensPerSecond(long tokens) {
        return tokens * 1e9 / Math.max(1, nanoTime.getAsLong() - stepStartedAt);
    }

    Progress progressAfter(int step) {
        long elapsed = nanoTime.getAsLong() - startedAt;
        long each = elapsed / (step - firstStep);
        return new Progress(step, totalSteps, Duration.ofNanos(elapsed), Duration.ofNanos(each * (totalSteps - step)));
    }
}
