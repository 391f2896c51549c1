package io.goodhart.trainer.supervisor;

/** No child could be brought to the point where it takes tasks. */
final class ChildStartException extends Exception {
    private static final long serialVersionUID = 1L;

    ChildStartException(String message) {
        super(message);
    }

    ChildStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
