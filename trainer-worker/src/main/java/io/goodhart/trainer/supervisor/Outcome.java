package io.goodhart.trainer.supervisor;

import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.protocol.Message;

/** How an attempt ended, as the worker sees it. */
sealed interface Outcome {
    /** Whether the child can take the next task. */
    boolean childUsable();

    /** The child has a result. */
    record Finished(Message.Done done) implements Outcome {
        @Override
        public boolean childUsable() {
            return true;
        }
    }

    /** There is no result. */
    record Failed(FailureCode code, String message, boolean childUsable) implements Outcome {}

    /** It was stopped because it was cancelled. */
    record Cancelled(boolean childUsable) implements Outcome {}

    /** It was stopped because this process ends. */
    record Released(boolean childUsable) implements Outcome {}

    /** It was stopped because the claim is no longer ours. */
    record Lost(boolean childUsable) implements Outcome {}
}
