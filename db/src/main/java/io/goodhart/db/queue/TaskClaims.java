package io.goodhart.db.queue;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the next task for a worker. */
@Component
final class TaskClaims {
    /** The next task. The index {@code task_claimable} has this order. */
    static final String NEXT = """
            select id, state from task
             where state in ('READY', 'RUNNING') and visible_at <= now() and attempt < max_attempts
               and not cancel_requested and kind = any(:kinds)
             order by priority desc, submitted_at, visible_at, id
             limit 1 for no key update skip locked""";

    private final JdbcClient jdbc;
    private final Ledger ledger;
    private final EventLog events;

    TaskClaims(JdbcClient jdbc, Ledger ledger, EventLog events) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.events = events;
    }

    /**
     * Claims the most urgent visible task: of the highest priority the task of the experiment that was submitted first, and of
     * that the one that became ready first. A claim hides the task until the lease ends, so a dead worker's task comes back by
     * itself. The lease only saves work; the fence is what keeps a late worker from committing.
     */
    Optional<Claim> next(WorkerId worker, Set<String> kinds, Duration lease) {
        Optional<Claim> claimed = jdbc.sql("""
                with next as (%s)
                update task set state = 'RUNNING', worker = :worker, fence = fence + 1, attempt = attempt + 1,
                       progress = null, started_at = coalesce(started_at, now()),
                       visible_at = now() + make_interval(secs => :leaseSeconds)
                  from next where task.id = next.id
                returning task.id, fence, attempt, max_attempts, content_key, kind, label, spec::text, next.state as earlier""".formatted(NEXT))
                .param("kinds", kinds.toArray(String[]::new))
                .param("worker", worker.value())
                .param("leaseSeconds", lease.toMillis() / 1000.0)
                .query(TaskClaims::claim)
                .optional();
        claimed.ifPresent(claim -> announce(claim, worker));
        return claimed;
    }

    private static Claim claim(ResultSet row, int number) throws SQLException {
        return new Claim(
                new TaskRef(row.getObject("id", UUID.class), row.getLong("fence")),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                new TaskKey(row.getString("content_key")),
                row.getString("kind"),
                row.getString("label"),
                row.getString("spec"),
                row.getString("earlier").equals("RUNNING"));
    }

    private void announce(Claim claim, WorkerId worker) {
        UUID task = claim.ref().task();
        List<NewEvent> news = new ArrayList<>(ledger.started(task));
        Map<String, Object> data =
                new TreeMap<>(Map.of("attempt", claim.attempt(), "kind", claim.kind(), "worker", worker.value()));
        if (claim.afterLostWorker()) {
            news.addAll(events.ofTask(
                    task,
                    EventLevel.WARN,
                    "task_lost",
                    label -> label + ": nothing was heard from its worker; it starts again",
                    data));
        }
        news.addAll(events.ofTask(task, EventLevel.INFO, "task_started", label -> label + " started", data));
        events.append(news);
    }

    /** Decodes what was claimed. */
    ClaimedTask read(Claim claim) {
        UUID task = claim.ref().task();
        return new ClaimedTask(
                claim.ref(),
                claim.key(),
                GoodhartJson.read(TaskSpec.class, claim.spec()),
                claim.label(),
                inputs(task),
                claim.attempt(),
                claim.maxAttempts(),
                checkpoint(task));
    }

    private Map<String, ArtifactId> inputs(UUID task) {
        Map<String, ArtifactId> inputs = new TreeMap<>();
        jdbc.sql("""
                select i.name, o.artifact
                  from task_input i join task_output o on o.task_id = i.source_id and o.name = i.output
                 where i.task_id = :task""").param("task", task).query(row -> {
            inputs.put(row.getString(1), new ArtifactId(row.getString(2)));
        });
        return inputs;
    }

    private @Nullable Checkpoint checkpoint(UUID task) {
        return jdbc.sql("select step, artifact from checkpoint where task_id = :task order by step desc limit 1")
                .param("task", task)
                .query((row, number) -> new Checkpoint(row.getLong(1), new ArtifactId(row.getString(2))))
                .optional()
                .orElse(null);
    }

    /** A claim before its specification is read. */
    record Claim(
            TaskRef ref,
            int attempt,
            int maxAttempts,
            TaskKey key,
            String kind,
            String label,
            String spec,
            boolean afterLostWorker) {}
}
