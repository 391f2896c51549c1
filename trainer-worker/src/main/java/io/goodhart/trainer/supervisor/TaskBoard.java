package io.goodhart.trainer.supervisor;

import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queue and artifact store as one worker sees them. Every write names the claim's fence and throws {@link
 * io.goodhart.domain.LeaseLostException} once another claim or the task's end has overtaken it. Anything else that is
 * thrown is trouble with the database or the store and may pass.
 */
interface TaskBoard {
    /** The next task, if there is one. */
    Optional<ClaimedTask> claim();

    /** Verified inputs of a claimed task. */
    Assignment assignment(ClaimedTask claim, Path work);

    /** Renews the lease. Returns whether the task is to be cancelled. */
    boolean heartbeat(ClaimedTask claim, Message.@Nullable Progressed progress);

    /** Calls the listener whenever somebody may have asked to cancel the task. */
    TaskNotifications.Subscription onCancel(ClaimedTask claim, Runnable listener);

    void metrics(ClaimedTask claim, List<Message.Point> points);

    void event(ClaimedTask claim, Message.Noted event);

    /** Stores a checkpoint, then names it in the task's row: the row never points to less than a whole file. */
    void checkpoint(ClaimedTask claim, Message.Saved checkpoint);

    /** Stores the outputs, then ends the task. */
    void succeed(ClaimedTask claim, Message.Done done);

    /** Ends the attempt; the queue decides whether another one follows. */
    void fail(ClaimedTask claim, FailureCode code, String message);

    /** The task stopped because it was cancelled. */
    void cancelled(ClaimedTask claim);

    /** Gives the task back; the attempt does not count. */
    void release(ClaimedTask claim);
}
