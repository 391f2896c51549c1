package io.goodhart.db.queue;

import io.goodhart.domain.state.ExperimentState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps experiments and runs in step with their tasks. Every method belongs into the transaction that changes the tasks;
 * the events it returns are for the end of that transaction. Locks are taken in one order everywhere: graph, tasks,
 * experiments, runs, event counters, each by id.
 */
@Component
public final class Ledger {
    private static final long GRAPH = 0x676f6f6468617274L;

    private final JdbcClient jdbc;

    Ledger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** For transactions that change who waits for whom: until the commit nobody else does, and no task ends. */
    public void lockGraph() {
        jdbc.sql("select 1 from pg_advisory_xact_lock(:graph)")
                .param("graph", GRAPH)
                .query(Integer.class)
                .single();
    }

    /** For transactions that end one task: the graph does not change until the commit. */
    public void shareGraph() {
        jdbc.sql("select 1 from pg_advisory_xact_lock_shared(:graph)")
                .param("graph", GRAPH)
                .query(Integer.class)
                .single();
    }

    /** A task was claimed: its experiments and runs are running. */
    public List<NewEvent> started(UUID task) {
        List<NewEvent> events = jdbc.sql("""
                with queued as (
                  select e.id from experiment e join experiment_task t on t.experiment_id = e.id
                   where t.task_id = :task and not t.released and e.state = 'QUEUED'
                   order by e.id for no key update of e)
                update experiment e set state = 'RUNNING', started_at = now() from queued
                 where e.id = queued.id and e.state = 'QUEUED'
                returning e.id""")
                .param("task", task)
                .query((row, number) -> ofExperiment(row.getObject(1, UUID.class), ExperimentState.RUNNING))
                .list();
        jdbc.sql("""
                with queued as (
                  select r.id from run r join run_task t on t.run_id = r.id
                   where t.task_id = :task and not t.released and r.state = 'QUEUED'
                   order by r.id for no key update of r)
                update run r set state = 'RUNNING', started_at = now() from queued
                 where r.id = queued.id and r.state = 'QUEUED'""").param("task", task).update();
        return events;
    }

    /** Tasks have reached a state that is final. */
    public List<NewEvent> ended(Collection<UUID> tasks) {
        List<NewEvent> ofExperiments = jdbc.sql("""
                with closed as (
                  select t.experiment_id, count(*) as n, count(*) filter (where task.state = 'FAILED') as failed,
                         (array_agg(task.failure_code order by task.failure_code = 'INPUT_FAILED', t.ordinal)
                            filter (where task.state = 'FAILED'))[1] as code,
                         (array_agg(t.label || ': ' || task.failure_detail
                            order by task.failure_code = 'INPUT_FAILED', t.ordinal)
                            filter (where task.state = 'FAILED'))[1] as detail
                    from experiment_task t join task on task.id = t.task_id
                   where t.task_id = any(cast(:tasks as uuid[])) and not t.released
                   group by t.experiment_id),
                locked as (
                  select e.id, closed.* from experiment e join closed on closed.experiment_id = e.id
                   order by e.id for no key update of e)
                update experiment e
                   set open_tasks = e.open_tasks - n, failed_tasks = e.failed_tasks + failed,
                       failure_code = coalesce(e.failure_code, code),
                       failure_detail = coalesce(e.failure_detail, detail),
                       ended_at = case when e.open_tasks = n then now() end,
                       state = case when e.open_tasks > n then e.state
                                    when e.state = 'CANCELLING' then 'CANCELLED'
                                    when e.failed_tasks + failed > 0 then 'FAILED'
                                    else 'SUCCEEDED' end
                  from locked where e.id = locked.id
                returning e.id, e.state""")
                .param("tasks", Sql.uuids(tasks))
                .query((row, number) ->
                        ofExperiment(row.getObject(1, UUID.class), ExperimentState.valueOf(row.getString(2))))
                .list();
        List<NewEvent> events = new ArrayList<>(endedRuns(tasks));
        ofExperiments.stream().filter(Ledger::isTheEnd).forEach(events::add);
        return events;
    }

    private static boolean isTheEnd(NewEvent event) {
        return !event.type().equals("experiment_running") && !event.type().equals("experiment_cancelling");
    }

    private List<NewEvent> endedRuns(Collection<UUID> tasks) {
        return jdbc
                .sql("""
                with closed as (
                  select t.run_id, count(*) as n, count(*) filter (where task.state = 'FAILED') as failed,
                         count(*) filter (where task.state = 'CANCELLED') as cancelled,
                         (array_agg(task.failure_code order by task.failure_code = 'INPUT_FAILED', task.id)
                            filter (where task.state = 'FAILED'))[1] as code,
                         (array_agg(task.label || ': ' || task.failure_detail
                            order by task.failure_code = 'INPUT_FAILED', task.id)
                            filter (where task.state = 'FAILED'))[1] as detail
                    from run_task t join task on task.id = t.task_id
                   where t.task_id = any(cast(:tasks as uuid[])) and not t.released
                   group by t.run_id),
                locked as (
                  select r.id, closed.* from run r join closed on closed.run_id = r.id
                   order by r.id for no key update of r)
                update run r
                   set open_tasks = r.open_tasks - n, failed_tasks = r.failed_tasks + failed,
                       cancelled_tasks = r.cancelled_tasks + cancelled,
                       failure_code = coalesce(r.failure_code, code),
                       failure_detail = coalesce(r.failure_detail, detail),
                       ended_at = case when r.open_tasks = n then now() end,
                       state = case when r.open_tasks > n then r.state
                                    when r.failed_tasks + failed > 0 then 'FAILED'
                                    when r.cancelled_tasks + cancelled > 0 then 'CANCELLED'
                                    else 'SUCCEEDED' end
                  from locked where r.id = locked.id
                returning r.experiment_id, r.id, r.arm, r.seed, r.state, r.open_tasks""")
                .param("tasks", Sql.uuids(tasks))
                .query((row, number) -> new EndedRun(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getString(3),
                        row.getLong(4),
                        ExperimentState.valueOf(row.getString(5)),
                        row.getInt(6)))
                .list()
                .stream()
                .filter(run -> run.openTasks() == 0)
                .map(EndedRun::event)
                .toList();
    }

    /** The event that an experiment has come into a state. */
    public static NewEvent ofExperiment(UUID experiment, ExperimentState state) {
        String name = state.name().toLowerCase(Locale.ROOT);
        EventLevel level = state == ExperimentState.FAILED ? EventLevel.ERROR : EventLevel.INFO;
        return new NewEvent(experiment, null, level, "experiment_" + name, "The experiment is " + word(state), null);
    }

    private static String word(ExperimentState state) {
        return switch (state) {
            case QUEUED -> "queued";
            case RUNNING -> "running";
            case SUCCEEDED -> "done";
            case FAILED -> "over: a part of it failed";
            case CANCELLING -> "being cancelled";
            case CANCELLED -> "cancelled";
        };
    }

    /** A run whose last task has ended. */
    private record EndedRun(UUID experiment, UUID id, String arm, long seed, ExperimentState state, int openTasks) {
        NewEvent event() {
            String name = state.name().toLowerCase(Locale.ROOT);
            return new NewEvent(
                    experiment,
                    null,
                    state == ExperimentState.FAILED ? EventLevel.ERROR : EventLevel.INFO,
                    "run_" + name,
                    "%s, seed %d: %s".formatted(arm, seed, name),
                    Map.of("run", id, "arm", arm, "seed", seed));
        }
    }
}
