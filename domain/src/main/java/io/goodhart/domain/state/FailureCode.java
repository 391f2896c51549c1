package io.goodhart.domain.state;

/** Why a task ended without a result, and whether another attempt may help. */
public enum FailureCode {
    /** A loss, a gradient, a weight or the scores of a next token were not finite. */
    DIVERGED(false),
    /** Of the responses that preference pairs are built from no two make a pair. */
    NO_PAIRS(false),
    /** The inputs cannot give a result: one class only, … */
    INVALID_INPUT(false),
    /** A file is missing, damaged or not what its hash says. */
    BAD_FILE(false),
    /** The task's specification cannot be read by this version. */
    INVALID_SPEC(false),
    OUT_OF_MEMORY(true),
    /** The process that computed it died. */
    CHILD_DIED(true),
    /** Nothing was heard from the process for too long. */
    TIMED_OUT(true),
    /** A remote service did not answer. */
    UNREACHABLE(true),
    /** A bug of ours. */
    INTERNAL(true),
    /** An input failed or was cancelled. */
    INPUT_FAILED(false),
    /** Every attempt was used up. */
    ATTEMPTS_EXHAUSTED(false);

    private final boolean retryable;

    FailureCode(boolean retryable) {
        this.retryable = retryable;
    }

    public boolean isRetryable() {
        return retryable;
    }
}
