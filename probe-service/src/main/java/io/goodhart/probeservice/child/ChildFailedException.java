package io.goodhart.probeservice.child;

/** The process that reads texts gave no answer. */
public final class ChildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChildFailedException(String message) {
        super(message);
    }
}
