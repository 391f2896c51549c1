package io.goodhart.trainer.child;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task's work as stages, each so many units at a rough relative cost. What is done and how long it took so far gives
 * the rest: ETA = elapsed · (1 − f) / f with f = Σ cost done / Σ cost. Not thread-safe.
 */
public final class Stages {
    /** One stage. */
    private record Stage(String name, String unit, long total, double cost) {}

    /** Receives progress. */
    @FunctionalInterface
    public interface Listener {
        void progressed(long done, long total, String unit, @Nullable Double etaSeconds, String stage);
    }

    /** Shares below this say nothing about the whole. */
    private static final double FIRST_ESTIMATE = 0.01;

    private final List<Stage> stages = new ArrayList<>();
    private final Listener listener;
    private final LongSupplier nanos;
    private final long interval;
    private final long begin;
    private int current = -1;
    private double before;
    private long lastSent;

    /** @param interval nanoseconds between two calls of the listener within a stage */
    Stages(Listener listener, LongSupplier nanos, long interval) {
        this.listener = listener;
        this.nanos = nanos;
        this.interval = interval;
        this.begin = nanos.getAsLong();
        this.lastSent = begin - interval;
    }

    /** An account that nobody hears of, of work inside other work that reports its own progress. */
    public static Stages untold() {
        Stages stages = new Stages((done, total, unit, eta, stage) -> {}, System::nanoTime, Long.MAX_VALUE);
        stages.plan("", "", 0, 1).start("");
        return stages;
    }

    /** Announces a stage. All are announced before the first starts. */
    public Stages plan(String name, String unit, long total, double costPerUnit) {
        stages.add(new Stage(name, unit, total, costPerUnit));
        return this;
    }

    /** Starts the next stage, which must have this name. */
    public void start(String name) {
        if (current >= 0) {
            before += cost(stages.get(current));
        }
        current++;
        if (current >= stages.size() || !stages.get(current).name().equals(name)) {
            throw new IllegalStateException("Stage " + name + " is not the next of " + stages);
        }
        send(0);
    }

    /** So many units of this stage are done. */
    public void done(long done) {
        long now = nanos.getAsLong();
        if (now - lastSent >= interval || done == stages.get(current).total()) {
            send(done);
        }
    }

    private void send(long done) {
        Stage stage = stages.get(current);
        lastSent = nanos.getAsLong();
        double all = stages.stream().mapToDouble(Stages::cost).sum();
        double finished = before + done * stage.cost();
        double share = all > 0 ? finished / all : 0;
        Double eta = share < FIRST_ESTIMATE ? null : Double.valueOf((lastSent - begin) * 1e-9 * (1 - share) / share);
        listener.progressed(done, stage.total(), stage.unit(), eta, stage.name());
    }

    private static double cost(Stage stage) {
        return stage.total() * stage.cost();
    }
}
