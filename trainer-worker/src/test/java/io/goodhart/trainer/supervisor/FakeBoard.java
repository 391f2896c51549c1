package io.goodhart.trainer.supervisor;

import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.db.queue.TaskRef;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A queue in memory that remembers everything it was told. */
final class FakeBoard implements TaskBoard {
    private final Queue<ClaimedTask> waiting = new ConcurrentLinkedQueue<>();
    private final Map<UUID, String> ends = new ConcurrentHashMap<>();
    private final Map<UUID, List<Message.Point>> points = new ConcurrentHashMap<>();
    private final Map<UUID, Long> checkpoints = new ConcurrentHashMap<>();
    private final List<UUID> begun = new CopyOnWriteArrayList<>();
    private final Set<UUID> cancelled = ConcurrentHashMap.newKeySet();
    private volatile boolean taken;
    private final AtomicInteger troubles = new AtomicInteger();

    /** Queues a task that tells the fake child what to do. */
    UUID submit(String behaviour) {
        UUID task = UUID.randomUUID();
        TaskSpec spec = new TaskSpec.Report(behaviour, "behaviour", 0.5, Map.of(), List.of(1L), null, null, null, null);
        TaskKey key = new TaskKey(Hashes.sha256(task.toString()));
        waiting.add(new ClaimedTask(new TaskRef(task, 1), key, spec, behaviour, Map.of(), 1, 3, null));
        return task;
    }

    void cancel(UUID task) {
        cancelled.add(task);
    }

    /** From now on somebody else owns the tasks. */
    void takeOver() {
        taken = true;
    }

    /** The next so many writes fail as if the database were away. */
    void fail(int writes) {
        troubles.set(writes);
    }

    boolean hasBegun(UUID task) {
        return begun.contains(task) && points.containsKey(task);
    }

    Optional<String> end(UUID task) {
        return Optional.ofNullable(ends.get(task));
    }

    double pid(UUID task) {
        return points(task).getFirst().value();
    }

    List<Message.Point> points(UUID task) {
        return points.getOrDefault(task, List.of());
    }

    Optional<Long> checkpoint(UUID task) {
        return Optional.ofNullable(checkpoints.get(task));
    }

    int unclaimed() {
        return waiting.size();
    }

    private void write() {
        if (taken) {
            throw new LeaseLostException("taken over");
        }
        if (troubles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("the database is away");
        }
    }

    private void end(ClaimedTask claim, String end) {
        write();
        ends.put(claim.ref().task(), end);
    }

    @Override
    public Optional<ClaimedTask> claim() {
        return Optional.ofNullable(waiting.poll());
    }

    @Override
    public Assignment assignment(ClaimedTask claim, Path work) {
        begun.add(claim.ref().task());
        return new Assignment(
                claim.ref().task(), claim.spec(), Map.of(), work.toString(), null, work.toString(), Map.of());
    }

    @Override
    public boolean heartbeat(ClaimedTask claim, Message.@Nullable Progressed progress) {
        if (taken) {
            throw new LeaseLostException("taken over");
        }
        return cancelled.contains(claim.ref().task());
    }

    @Override
    public TaskNotifications.Subscription onCancel(ClaimedTask claim, Runnable listener) {
        return () -> {};
    }

    @Override
    public void metrics(ClaimedTask claim, List<Message.Point> added) {
        write();
        points.computeIfAbsent(claim.ref().task(), key -> new ArrayList<>()).addAll(added);
    }

    @Override
    public void event(ClaimedTask claim, Message.Noted event) {
        write();
    }

    @Override
    public void checkpoint(ClaimedTask claim, Message.Saved checkpoint) {
        write();
        checkpoints.put(claim.ref().task(), checkpoint.step());
    }

    @Override
    public void succeed(ClaimedTask claim, Message.Done done) {
        end(claim, "succeeded");
    }

    @Override
    public void fail(ClaimedTask claim, FailureCode code, String message) {
        end(claim, code.name());
    }

    @Override
    public void cancelled(ClaimedTask claim) {
        end(claim, "cancelled");
    }

    @Override
    public void release(ClaimedTask claim) {
        end(claim, "released");
    }
}
