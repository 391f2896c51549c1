package io.goodhart.domain.state;

/** Where a task stands. WAITING: an input is not done. READY: may be claimed. */
public enum TaskState {
    WAITING,
    READY,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean isTerminal() {
        return switch (this) {
            case WAITING, READY, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }
}
