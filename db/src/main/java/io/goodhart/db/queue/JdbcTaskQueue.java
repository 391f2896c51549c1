package io.goodhart.db.queue;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.TaskState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** The queue as rows of PostgreSQL. */
@Component
final class JdbcTaskQueue implements TaskQueue {
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final TaskClaims claims;
    private final TaskEnds ends;
    private final TaskResults results;
    private final EventLog events;

    JdbcTaskQueue(
            JdbcClient jdbc,
            PlatformTransactionManager transactionManager,
            TaskClaims claims,
            TaskEnds ends,
            TaskResults results,
            EventLog events) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactionManager);
        this.claims = claims;
        this.ends = ends;
        this.results = results;
        this.events = events;
    }

    @Override
    public Optional<ClaimedTask> claim(WorkerId worker, Set<String> kinds, Duration lease) {
        while (true) {
            Optional<TaskClaims.Claim> claim = inTransaction(() -> claims.next(worker, kinds, lease));
            if (claim.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(claims.read(claim.get()));
            } catch (InvalidInputException e) {
                // a newer version may have written it: others may try until the attempts are used up
                transactions.executeWithoutResult(status ->
                        ends.fail(claim.get().ref(), FailureCode.INVALID_SPEC, String.valueOf(e.getMessage()), true));
            }
        }
    }

    @Override
    public boolean heartbeat(TaskRef ref, Duration lease, @Nullable Progress progress) {
        return jdbc.sql("""
                update task set visible_at = now() + make_interval(secs => :leaseSeconds),
                       progress = coalesce(cast(:progress as json), progress)
                 where id = :task and fence = :fence and state = 'RUNNING'
                returning cancel_requested""")
                .param("leaseSeconds", lease.toMillis() / 1000.0)
                .param("progress", progress == null ? null : GoodhartJson.write(progress))
                .param("task", ref.task())
                .param("fence", ref.fence())
                .query(Boolean.class)
                .optional()
                .orElseThrow(() -> TaskEnds.lost(ref));
    }

    @Override
    public void metrics(TaskRef ref, Collection<MetricPoint> points) {
        long owners = jdbc.sql("""
                with owner as (
                  select id from task where id = :task and fence = :fence and state = 'RUNNING' for share),
                added as (
                  insert into metric (task_id, name, step, value)
                  select owner.id, p.name, p.step, p.value
                    from owner, unnest(:names, :steps, :values) with ordinality as p(name, step, value, place)
                   order by p.name, p.step, p.place
                  on conflict (task_id, name, step) do nothing)
                select count(*) from owner""")
                .param("task", ref.task())
                .param("fence", ref.fence())
                .param("names", points.stream().map(MetricPoint::name).toArray(String[]::new))
                .param("steps", points.stream().map(MetricPoint::step).toArray(Long[]::new))
                .param("values", points.stream().map(MetricPoint::value).toArray(Double[]::new))
                .query(Long.class)
                .single();
        if (owners == 0) {
            throw TaskEnds.lost(ref);
        }
    }

    @Override
    public void event(TaskRef ref, EventLevel level, String type, String message, @Nullable JsonNode data) {
        transactions.executeWithoutResult(status -> {
            hold(ref);
            events.append(events.ofTask(ref.task(), level, type, label -> message, data));
        });
    }

    @Override
    public void checkpoint(TaskRef ref, long step, Output artifact) {
        transactions.executeWithoutResult(status -> {
            hold(ref);
            results.keep(ref.task(), step, artifact);
        });
    }

    /** Until the commit nobody else can claim the task. */
    private void hold(TaskRef ref) {
        boolean held = jdbc.sql(
                        "select id from task where id = :task and fence = :fence and state = 'RUNNING' for share")
                .param("task", ref.task())
                .param("fence", ref.fence())
                .query(Sql.ID)
                .optional()
                .isPresent();
        if (!held) {
            throw TaskEnds.lost(ref);
        }
    }

    @Override
    public void succeed(TaskRef ref, Map<String, Output> outputs, List<FittedProbe> probes) {
        transactions.executeWithoutResult(status -> ends.succeed(ref, outputs, probes));
    }

    @Override
    public void fail(TaskRef ref, FailureCode code, String detail) {
        transactions.executeWithoutResult(status -> ends.fail(ref, code, detail, code.isRetryable()));
    }

    @Override
    public void cancelled(TaskRef ref) {
        transactions.executeWithoutResult(status -> ends.cancelled(ref));
    }

    @Override
    public void release(TaskRef ref) {
        transactions.executeWithoutResult(status -> ends.release(ref));
    }

    @Override
    public void distrust(ArtifactId artifact) {
        jdbc.sql("""
                update task set shared = false
                 where shared and id in (select task_id from task_output where artifact = :artifact)""").param("artifact", artifact.sha256()).update();
    }

    @Override
    public List<QueueDepth> depths() {
        return jdbc.sql("""
                select kind, state, count(*) from task where state in ('WAITING', 'READY', 'RUNNING')
                 group by kind, state order by kind, state""")
                .query((row, number) ->
                        new QueueDepth(row.getString(1), TaskState.valueOf(row.getString(2)), row.getLong(3)))
                .list();
    }

    private <T> T inTransaction(Supplier<T> work) {
        T result = transactions.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("A transaction gave no result");
        }
        return result;
    }
}
