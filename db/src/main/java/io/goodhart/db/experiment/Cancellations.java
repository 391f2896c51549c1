package io.goodhart.db.experiment;

import io.goodhart.db.queue.EventLog;
import io.goodhart.db.queue.Ledger;
import io.goodhart.db.queue.NewEvent;
import io.goodhart.db.queue.Sql;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.state.ExperimentState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stops experiments, but no task that another live experiment needs. */
@Component
final class Cancellations {
    private final JdbcClient jdbc;
    private final Ledger ledger;
    private final EventLog events;
    private final Places places;

    Cancellations(JdbcClient jdbc, Ledger ledger, EventLog events, Places places) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.events = events;
        this.places = places;
    }

    void cancel(UUID experiment) {
        ledger.lockGraph();
        ExperimentState state = jdbc.sql("select state from experiment where id = :experiment")
                .param("experiment", experiment)
                .query(Sql.TEXT)
                .optional()
                .map(ExperimentState::valueOf)
                .orElseThrow(() -> new NotFoundException("There is no experiment " + experiment));
        switch (state) {
            case CANCELLING, CANCELLED -> {}
            case SUCCEEDED, FAILED ->
                throw new ConflictException(
                        "already_ended", "Experiment " + experiment + " has ended: " + state.name());
            case QUEUED, RUNNING -> stop(experiment);
        }
    }

    private void stop(UUID experiment) {
        List<UUID> released = releaseNeededElsewhere(experiment);
        List<UUID> ended = cancelIdle(experiment);
        tellRunning(experiment);
        places.settle(experiment);
        markCancelling(experiment, released.size());
        releaseFromRuns(experiment, released);
        List<NewEvent> news = new ArrayList<>();
        news.add(Ledger.ofExperiment(experiment, ExperimentState.CANCELLING));
        news.addAll(ledger.ended(ended));
        news.addAll(endIfNothingIsOpen(experiment));
        events.append(news);
    }

    /** This experiment no longer waits for tasks that go on without it. */
    private List<UUID> releaseNeededElsewhere(UUID experiment) {
        return jdbc.sql("""
                update experiment_task mine set released = true
                  from task
                 where mine.experiment_id = :experiment and task.id = mine.task_id
                   and task.state in ('WAITING', 'READY', 'RUNNING')
                   and exists (
                     select 1 from experiment_task other join experiment e on e.id = other.experiment_id
                      where other.task_id = mine.task_id and other.experiment_id <> :experiment
                        and not other.released and e.state in ('QUEUED', 'RUNNING'))
                returning mine.task_id""").param("experiment", experiment).query(Sql.ID).list();
    }

    private List<UUID> cancelIdle(UUID experiment) {
        return jdbc.sql("""
                with idle as (
                  select task.id from task join experiment_task mine on mine.task_id = task.id
                   where mine.experiment_id = :experiment and not mine.released and task.state in ('WAITING', 'READY')
                   order by task.id for no key update of task)
                update task set state = 'CANCELLED', ended_at = now() from idle
                 where task.id = idle.id and task.state in ('WAITING', 'READY')
                returning task.id""").param("experiment", experiment).query(Sql.ID).list();
    }

    /** Runs after {@link #cancelIdle}, so that a task that was claimed in between is seen as running. */
    private void tellRunning(UUID experiment) {
        jdbc.sql("""
                with running as (
                  select task.id from task join experiment_task mine on mine.task_id = task.id
                   where mine.experiment_id = :experiment and not mine.released and task.state = 'RUNNING'
                   order by task.id for no key update of task),
                told as (
                  update task set cancel_requested = true from running where task.id = running.id returning task.id)
                select count(pg_notify('goodhart_cancel', cast(id as text))) from told""").param("experiment", experiment).query(Long.class).single();
    }

    private void markCancelling(UUID experiment, int released) {
        jdbc.sql(
                        "update experiment set state = 'CANCELLING', open_tasks = open_tasks - :released where id = :experiment")
                .param("released", released)
                .param("experiment", experiment)
                .update();
        jdbc.sql("""
                update run set state = 'CANCELLING'
                 where experiment_id = :experiment and state in ('QUEUED', 'RUNNING')""").param("experiment", experiment).update();
    }

    private void releaseFromRuns(UUID experiment, List<UUID> tasks) {
        jdbc.sql("""
                with gone as (
                  update run_task l set released = true from run r
                   where r.id = l.run_id and r.experiment_id = :experiment and l.task_id = any(cast(:tasks as uuid[]))
                  returning l.run_id),
                counted as (select run_id, count(*) as n from gone group by run_id)
                update run r set open_tasks = r.open_tasks - counted.n, cancelled_tasks = r.cancelled_tasks + counted.n
                  from counted where r.id = counted.run_id""")
                .param("experiment", experiment)
                .param("tasks", Sql.uuids(tasks))
                .update();
    }

    private List<NewEvent> endIfNothingIsOpen(UUID experiment) {
        jdbc.sql("""
                update run set state = 'CANCELLED', ended_at = now()
                 where experiment_id = :experiment and state = 'CANCELLING' and open_tasks = 0""").param("experiment", experiment).update();
        return jdbc.sql("""
                update experiment set state = 'CANCELLED', ended_at = now()
                 where id = :experiment and state = 'CANCELLING' and open_tasks = 0
                returning id""")
                .param("experiment", experiment)
                .query((row, number) -> Ledger.ofExperiment(experiment, ExperimentState.CANCELLED))
                .list();
    }
}
