package io.goodhart.trainer.child;

/** The supervisor asked the task to stop. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("Stopped as asked");
    }
}
