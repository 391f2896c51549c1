package io.goodhart.db.queue;

import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.state.FailureCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The queue as a worker sees it. A claim hides the task until the lease ends, so a dead worker's task comes back by itself;
 * the lease saves work, the fence keeps results right. Time is the database's. Every method that takes a {@link TaskRef}
 * throws {@link LeaseLostException} and changes nothing if the task has a later fence or has ended, except where it says
 * otherwise.
 */
public interface TaskQueue {
    /** Claims the most urgent visible task of these kinds ({@code TaskSpec.kinds()}), if there is one. */
    Optional<ClaimedTask> claim(WorkerId worker, Set<String> kinds, Duration lease);

    /**
     * Renews the lease.
     *
     * @param progress null leaves the last one
     * @return whether somebody asked to cancel: stop at the next step, then call {@link #cancelled}
     */
    boolean heartbeat(TaskRef ref, Duration lease, @Nullable Progress progress);

    /** Adds points. All or none; points that are there already (same step and name) are left as they are. */
    void metrics(TaskRef ref, Collection<MetricPoint> points);

    /** Tells the users of every experiment that shares the task. */
    void event(TaskRef ref, EventLevel level, String type, String message, @Nullable JsonNode data);

    /** Records a checkpoint whose artifact is in the store. The same step again changes nothing. */
    void checkpoint(TaskRef ref, long step, Output artifact);

    /**
     * Ends the task with its outputs; tasks that waited for nothing else become ready in the same transaction. The same
     * call again (same fence, same outputs) is a no-op, so that a lost answer can be repeated.
     *
     * @param outputs output name → artifact that is in the store
     * @param probes probes fitted by the task
     */
    void succeed(TaskRef ref, Map<String, Output> outputs, List<FittedProbe> probes);

    /** Ends the attempt. Retried after a pause if the code allows it and attempts are left, otherwise failed for good. */
    void fail(TaskRef ref, FailureCode code, String detail);

    /** Ends the task after a request to cancel. */
    void cancelled(TaskRef ref);

    /** Gives the task back at once; the attempt does not count. For a worker that drains. */
    void release(TaskRef ref);

    /** The bytes of an artifact are gone or damaged: tasks that have it as an output are not shared with later experiments. */
    void distrust(ArtifactId artifact);

    /** Sizes of the queue, for scaling and dashboards. */
    List<QueueDepth> depths();
}
