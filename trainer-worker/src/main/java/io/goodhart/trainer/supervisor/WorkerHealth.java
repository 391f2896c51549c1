package io.goodhart.trainer.supervisor;

import io.goodhart.domain.state.FailureCode;

/** Counts failures in a row that point to the machine rather than to the task. Safe for concurrent use. */
final class WorkerHealth {
    private final int limit;
    private int failures;
    private String last = "";

    /** @param limit failures in a row from which on the worker is unhealthy */
    WorkerHealth(int limit) {
        this.limit = limit;
    }

    synchronized void succeeded() {
        failures = 0;
        last = "";
    }

    synchronized void failed(FailureCode code, String message) {
        boolean machine = switch (code) {
            case OUT_OF_MEMORY, CHILD_DIED, TIMED_OUT, INTERNAL -> true;
            case DIVERGED,
                    NO_PAIRS,
                    INVALID_INPUT,
                    BAD_FILE,
                    INVALID_SPEC,
                    UNREACHABLE,
                    INPUT_FAILED,
                    ATTEMPTS_EXHAUSTED -> false;
        };
        failures = machine ? failures + 1 : 0;
        last = code + ": " + message;
    }

    /** After a pause one more task may show that the trouble is over. */
    synchronized void giveAnotherChance() {
        failures = Math.min(failures, limit - 1);
    }

    synchronized boolean isHealthy() {
        return failures < limit;
    }

    synchronized String describe() {
        return failures == 0 ? "ok" : failures + " failures in a row, the last one " + last;
    }
}
