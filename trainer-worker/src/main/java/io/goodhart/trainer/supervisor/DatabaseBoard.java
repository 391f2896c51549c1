package io.goodhart.trainer.supervisor;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.Checkpoint;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.EventLevel;
import io.goodhart.db.queue.FittedProbe;
import io.goodhart.db.queue.MetricPoint;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.Progress;
import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.storage.ArtifactStore;
import io.goodhart.storage.DamagedArtifactException;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The queue in PostgreSQL and the artifact store, for one worker. */
final class DatabaseBoard implements TaskBoard {
    private final TaskQueue queue;
    private final TaskNotifications notifications;
    private final ArtifactStore store;
    private final WorkerId worker;
    private final Duration lease;
    private final Path files;

    /**
     * @param lease how long a claim holds without a heartbeat
     * @param files root of models and data
     */
    DatabaseBoard(WorkerPool.Parts parts, WorkerId worker, Duration lease, Path files) {
        this.queue = parts.queue();
        this.notifications = parts.notifications();
        this.store = parts.store();
        this.worker = worker;
        this.lease = lease;
        this.files = files;
    }

    @Override
    public Optional<ClaimedTask> claim() {
        return queue.claim(worker, TaskSpec.kinds().keySet(), lease);
    }

    @Override
    public Assignment assignment(ClaimedTask claim, Path work) {
        Map<String, String> inputs = new TreeMap<>();
        claim.inputs().forEach((name, artifact) -> inputs.put(name, file(artifact)));
        Checkpoint checkpoint = claim.checkpoint();
        return new Assignment(
                claim.ref().task(),
                claim.spec(),
                inputs,
                work.toAbsolutePath().toString(),
                checkpoint == null ? null : file(checkpoint.artifact()),
                files.toAbsolutePath().toString(),
                datasets(claim.spec()));
    }

    private Map<String, String> datasets(TaskSpec spec) {
        Map<String, String> files = new TreeMap<>();
        spec.datasets().stream()
                .filter(dataset -> dataset.registered() != null)
                .forEach(dataset -> files.put(dataset.sha256(), file(new ArtifactId(dataset.sha256()))));
        return files;
    }

    private String file(ArtifactId artifact) {
        try {
            return store.file(artifact).toAbsolutePath().toString();
        } catch (NotFoundException e) {
            queue.distrust(artifact); // so that a new submission computes it again
            throw e;
        } catch (DamagedArtifactException e) {
            queue.distrust(artifact);
            throw new InvalidInputException(new Problem("artifact_damaged", null, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean heartbeat(ClaimedTask claim, Message.@Nullable Progressed progress) {
        return queue.heartbeat(
                claim.ref(),
                lease,
                progress == null
                        ? null
                        : new Progress(progress.done(), progress.total(), progress.etaSeconds(), progress.message()));
    }

    @Override
    public TaskNotifications.Subscription onCancel(ClaimedTask claim, Runnable listener) {
        return notifications.onCancel(claim.ref().task(), listener);
    }

    @Override
    public void metrics(ClaimedTask claim, List<Message.Point> points) {
        queue.metrics(
                claim.ref(),
                points.stream()
                        .map(point -> new MetricPoint(point.step(), point.name(), point.value()))
                        .toList());
    }

    @Override
    public void event(ClaimedTask claim, Message.Noted event) {
        queue.event(
                claim.ref(),
                EventLevel.valueOf(event.level().toUpperCase(Locale.ROOT)),
                event.event(),
                event.message(),
                GoodhartJson.mapper().valueToTree(event.data()));
    }

    @Override
    public void checkpoint(ClaimedTask claim, Message.Saved checkpoint) {
        queue.checkpoint(claim.ref(), checkpoint.step(), put("checkpoint", checkpoint.path()));
    }

    @Override
    public void succeed(ClaimedTask claim, Message.Done done) {
        Map<String, Output> outputs = new TreeMap<>();
        done.outputs().forEach((name, path) -> outputs.put(name, put(name, path)));
        Output file = outputs.get("probes");
        List<FittedProbe> probes = file == null
                ? List.of()
                : done.probes().stream().map(probe -> row(probe, file)).toList();
        queue.succeed(claim.ref(), outputs, probes);
    }

    private static FittedProbe row(Message.Probe probe, Output file) {
        return new FittedProbe(
                probe.role(),
                probe.index(),
                probe.kind(),
                probe.site(),
                probe.site() == Site.FINAL_NORM ? null : probe.layer(),
                probe.model(),
                file.artifact(),
                GoodhartJson.mapper().valueToTree(probe.description()));
    }

    private Output put(String name, String path) {
        try {
            ArtifactId artifact = store.put(Path.of(path));
            return new Output(artifact, store.size(artifact), MediaTypes.of(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void fail(ClaimedTask claim, FailureCode code, String message) {
        queue.fail(claim.ref(), code, message);
    }

    @Override
    public void cancelled(ClaimedTask claim) {
        queue.cancelled(claim.ref());
    }

    @Override
    public void release(ClaimedTask claim) {
        queue.release(claim.ref());
    }
}
