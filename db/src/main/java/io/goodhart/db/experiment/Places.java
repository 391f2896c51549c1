package io.goodhart.db.experiment;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Where tasks stand in the queue: each where the first of the live experiments that wait for it stands, the most urgent, and of
 * equals the earliest. Every method belongs into a transaction that has locked the graph.
 */
@Component
final class Places {
    private final JdbcClient jdbc;

    Places(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Locks the experiment's tasks that have not ended, for those who then change the experiment itself. */
    void hold(UUID experiment) {
        jdbc.sql("""
                with held as (
                  select task.id from task join experiment_task mine on mine.task_id = task.id
                   where mine.experiment_id = :experiment and task.state in ('WAITING', 'READY', 'RUNNING')
                   order by task.id for no key update of task)
                select count(*) from held""").param("experiment", experiment).query(Long.class).single();
    }

    /** Puts the experiment's tasks that have not ended where they belong. One that nobody waits for stays where it is. */
    void settle(UUID experiment) {
        jdbc.sql("""
                with misplaced as (
                  select task.id, place.priority, place.created_at
                    from task join experiment_task mine on mine.task_id = task.id
                    cross join lateral (
                      select e.priority, e.created_at from experiment_task l join experiment e on e.id = l.experiment_id
                       where l.task_id = task.id and not l.released and e.state in ('QUEUED', 'RUNNING')
                       order by e.priority desc, e.created_at limit 1) place
                   where mine.experiment_id = :experiment and task.state in ('WAITING', 'READY', 'RUNNING')
                     and (task.priority, task.submitted_at) <> (place.priority, place.created_at)
                   order by task.id for no key update of task)
                update task set priority = misplaced.priority, submitted_at = misplaced.created_at
                  from misplaced where task.id = misplaced.id""").param("experiment", experiment).update();
    }
}
