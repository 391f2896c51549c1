package io.goodhart.lm.generate;

import io.goodhart.lm.hook.HookPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The responses of one call as they get done, in one or more loops, each on its thread. */
final class Gathering {
    private final @Nullable Generation[] results;
    private final GenerationListener listener;
    private int finished;
    private long drawn;
    private volatile boolean failed;

    Gathering(int responses, GenerationListener listener) {
        this.results = new Generation[responses];
        this.listener = listener;
    }

    synchronized void finish(Sequence sequence, Map<HookPoint, float[]> pooled) {
        results[sequence.place()] = sequence.finish(pooled);
        finished++;
    }

    /** A loop has drawn so many more tokens. */
    synchronized void step(int tokens) {
        drawn += tokens;
        listener.onStep(new GenerationListener.Progress(finished, results.length, drawn));
    }

    /** Ends the loops that are still running. */
    void fail() {
        failed = true;
    }

    boolean isCancelled() {
        return failed || listener.isCancelled();
    }

    /** All of them, in the order of their places. */
    synchronized List<Generation> complete() {
        List<Generation> complete = new ArrayList<>();
        for (Generation result : results) {
            if (result == null) {
                throw new IllegalStateException("A response was lost");
            }
            complete.add(result);
        }
        return complete;
    }
}
