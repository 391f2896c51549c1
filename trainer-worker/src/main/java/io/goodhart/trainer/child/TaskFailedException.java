package io.goodhart.trainer.child;

import io.goodhart.domain.state.FailureCode;
import org.jspecify.annotations.Nullable;

/** A task cannot give a result, for a known reason. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    public TaskFailedException(FailureCode code, String message) {
        super(message);
        this.code = code;
    }

    public TaskFailedException(FailureCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public static TaskFailedException invalidInput(String message) {
        return new TaskFailedException(FailureCode.INVALID_INPUT, message);
    }

    public static TaskFailedException badFile(String message) {
        return new TaskFailedException(FailureCode.BAD_FILE, message);
    }

    public FailureCode code() {
        return code;
    }
}
