package io.goodhart.db.queue;

import io.goodhart.db.DbProperties;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Ends attempts and tasks. Every method belongs into a transaction of its own. */
@Component
final class TaskEnds {
    private final JdbcClient jdbc;
    private final Ledger ledger;
    private final EventLog events;
    private final TaskResults results;
    private final DbProperties properties;

    TaskEnds(JdbcClient jdbc, Ledger ledger, EventLog events, TaskResults results, DbProperties properties) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.events = events;
        this.results = results;
        this.properties = properties;
    }

    void succeed(TaskRef ref, Map<String, Output> outputs, List<FittedProbe> probes) {
        ledger.shareGraph();
        if (!end(ref, TaskState.SUCCEEDED)) {
            if (results.areThose(ref, outputs)) {
                return;
            }
            throw lost(ref);
        }
        results.keep(ref.task(), outputs);
        results.keep(ref.task(), probes);
        wakeDependants(List.of(ref.task()));
        List<NewEvent> news = new ArrayList<>(events.ofTask(
                ref.task(),
                EventLevel.INFO,
                "task_succeeded",
                label -> label + " is done",
                Map.of("outputs", results.names(outputs))));
        news.addAll(ledger.ended(List.of(ref.task())));
        events.append(news);
    }

    private boolean end(TaskRef ref, TaskState state) {
        return jdbc.sql("""
                update task set state = :state, ended_at = now(), visible_at = now(), failure_code = null, failure_detail = null
                 where id = :task and fence = :fence and state = 'RUNNING'""")
                        .param("state", state.name())
                        .param("task", ref.task())
                        .param("fence", ref.fence())
                        .update()
                == 1;
    }

    private void wakeDependants(List<UUID> tasks) {
        int ready = jdbc.sql("""
                with done as (
                  select task_id, count(*) as n from task_input
                   where source_id = any(cast(:tasks as uuid[])) group by task_id),
                locked as (
                  select t.id, done.n from task t join done on done.task_id = t.id
                   where t.state = 'WAITING' order by t.id for no key update of t),
                moved as (
                  update task t
                     set waiting_for = t.waiting_for - locked.n, visible_at = now(),
                         state = case when t.waiting_for = locked.n then 'READY' else t.state end
                    from locked where t.id = locked.id
                  returning t.state)
                select count(*) from moved where state = 'READY'""")
                .param("tasks", Sql.uuids(tasks))
                .query(Integer.class)
                .single();
        if (ready > 0) {
            notifyReady();
        }
    }

    private void notifyReady() {
        jdbc.sql("select 1 from pg_notify('goodhart_task', '')")
                .query(Integer.class)
                .single();
    }

    /** @param mayHelp whether another attempt may help */
    void fail(TaskRef ref, FailureCode code, String detail, boolean mayHelp) {
        ledger.lockGraph();
        Attempt attempt = running(ref).orElseThrow(() -> lost(ref));
        if (attempt.cancelRequested()) {
            cancel(ref.task());
        } else if (mayHelp && attempt.number() < attempt.max()) {
            retry(ref.task(), attempt, code, detail);
        } else {
            failForGood(ref.task(), code, detail);
        }
    }

    private Optional<Attempt> running(TaskRef ref) {
        return jdbc.sql("""
                select attempt, max_attempts, cancel_requested from task
                 where id = :task and fence = :fence and state = 'RUNNING' for no key update""")
                .param("task", ref.task())
                .param("fence", ref.fence())
                .query((row, number) -> new Attempt(row.getInt(1), row.getInt(2), row.getBoolean(3)))
                .optional();
    }

    private void retry(UUID task, Attempt attempt, FailureCode code, String detail) {
        double pause = properties.pauseAfter(attempt.number()).toMillis() / 1000.0;
        jdbc.sql("""
                update task set state = 'READY', worker = null, visible_at = now() + make_interval(secs => :pause),
                       failure_code = :code, failure_detail = :detail
                 where id = :task""")
                .param("pause", pause)
                .param("code", code.name())
                .param("detail", Sql.text(detail))
                .param("task", task)
                .update();
        if (pause == 0) {
            notifyReady();
        }
        Map<String, Object> data = new TreeMap<>(failure(code, detail));
        data.put("attempt", attempt.number());
        data.put("max_attempts", attempt.max());
        data.put("pause_seconds", pause);
        events.append(events.ofTask(
                task,
                EventLevel.WARN,
                "task_retried",
                label -> "%s failed in attempt %d of %d and will be tried again"
                        .formatted(label, attempt.number(), attempt.max()),
                data));
    }

    /**
     * Fails a task that runs or has run, and everything that waits for it. The graph is locked. A report does not wait for what
     * a training leaves out that diverged, whose model computes nothing finite, or that has no pairs to train on: that is a result,
     * and the other runs have theirs.
     */
    void failForGood(UUID task, FailureCode code, String detail) {
        jdbc.sql("""
                update task set state = 'FAILED', ended_at = now(), failure_code = :code, failure_detail = :detail
                 where id = :task""")
                .param("code", code.name())
                .param("detail", Sql.text(detail))
                .param("task", task)
                .update();
        boolean reported = code == FailureCode.NO_PAIRS || (code == FailureCode.DIVERGED && isOfTraining(task));
        List<UUID> dependants = jdbc.sql("""
                with recursive needs as (
                  select i.task_id, i.source_id from task_input i join task t on t.id = i.task_id
                   where not (:reported and t.kind = 'report')),
                below as (
                  select task_id from needs where source_id = :task
                  union
                  select needs.task_id from needs join below on needs.source_id = below.task_id)
                update task set state = 'FAILED', ended_at = now(), failure_code = 'INPUT_FAILED',
                       failure_detail = 'It needs ' || (select label from task where id = :task) || ', which failed'
                 where id in (select task_id from below) and state = 'WAITING'
                returning id""")
                .param("reported", reported)
                .param("task", task)
                .query(Sql.ID)
                .list();
        Map<String, Object> data = new TreeMap<>(failure(code, detail));
        data.put("dependants", dependants.size());
        List<NewEvent> news = new ArrayList<>(
                events.ofTask(task, EventLevel.ERROR, "task_failed", label -> label + " failed: " + detail, data));
        List<UUID> ended = new ArrayList<>(dependants);
        ended.add(task);
        if (reported) {
            keepApart(ended);
            wakeDependants(ended);
        }
        news.addAll(ledger.ended(ended));
        events.append(news);
    }

    /** Whether a task trains, or works with what a training gave. */
    private boolean isOfTraining(UUID task) {
        return jdbc.sql("""
                with recursive above as (
                  select cast(:task as uuid) as id
                  union
                  select i.source_id from task_input i join above on i.task_id = above.id)
                select exists (select 1 from task join above using (id) where kind = 'train')""").param("task", task).query(Boolean.class).single();
    }

    /** A report that lacks a run is no answer to whoever submits the same experiment later. */
    private void keepApart(List<UUID> failed) {
        jdbc.sql("""
                update task set shared = false
                 where state = 'WAITING'
                   and id in (select task_id from task_input where source_id = any(cast(:failed as uuid[])))""").param("failed", Sql.uuids(failed)).update();
    }

    private static Map<String, Object> failure(FailureCode code, String detail) {
        return Map.of("code", code, "detail", Sql.text(detail));
    }

    /** @throws IllegalStateException if nobody has asked for it */
    void cancelled(TaskRef ref) {
        ledger.shareGraph();
        Attempt attempt = running(ref).orElseThrow(() -> lost(ref));
        if (!attempt.cancelRequested()) {
            throw new IllegalStateException("Nobody has asked to cancel task " + ref.task());
        }
        cancel(ref.task());
    }

    /** Ends a running task whose cancellation was asked for. What waits for it was cancelled when that was asked. */
    void cancel(UUID task) {
        jdbc.sql("update task set state = 'CANCELLED', ended_at = now() where id = :task")
                .param("task", task)
                .update();
        List<NewEvent> news = new ArrayList<>(
                events.ofTask(task, EventLevel.INFO, "task_cancelled", label -> label + " was cancelled", null));
        news.addAll(ledger.ended(List.of(task)));
        events.append(news);
    }

    void release(TaskRef ref) {
        ledger.shareGraph();
        Attempt attempt = running(ref).orElseThrow(() -> lost(ref));
        if (attempt.cancelRequested()) {
            cancel(ref.task());
            return;
        }
        jdbc.sql("""
                update task set state = 'READY', worker = null, attempt = attempt - 1, visible_at = now()
                 where id = :task""").param("task", ref.task()).update();
        notifyReady();
        events.append(events.ofTask(
                ref.task(), EventLevel.INFO, "task_released", label -> label + " was given back by its worker", null));
    }

    static LeaseLostException lost(TaskRef ref) {
        return new LeaseLostException(
                "Task " + ref.task() + " has ended or is another worker's: fence " + ref.fence() + " is not current");
    }

    /** The attempt that is running. */
    private record Attempt(int number, int max, boolean cancelRequested) {}
}
