package io.goodhart.trainer.child;

/** Set by the thread that reads commands, read by the thread that computes. */
public final class StopFlag {
    private volatile boolean stop;
    private volatile boolean keep;

    /**
     * Asks the task to stop.
     *
     * @param keepWork whether a checkpoint is wanted first
     */
    public void raise(boolean keepWork) {
        keep = keepWork;
        stop = true;
    }

    public boolean isRaised() {
        return stop;
    }

    /** Whether a checkpoint is wanted before stopping. */
    public boolean keepsWork() {
        return keep;
    }

    /**
     * Goes on unless the flag is raised.
     *
     * @throws StoppedException if it is
     */
    public void check() {
        if (stop) {
            throw new StoppedException();
        }
    }
}
