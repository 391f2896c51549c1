package io.goodhart.db.queue;

import io.goodhart.db.codec.GoodhartJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes events. An experiment's events are numbered under a lock that is held to the commit, so they become visible in the
 * order of their numbers; hence a transaction writes all its events at its end and in one call.
 */
@Component
public final class EventLog {
    private final JdbcClient jdbc;

    EventLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Appends in this order. Nothing is appended behind an experiment's end, whoever comes late with it. */
    public void append(List<NewEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        jdbc.sql("""
                with new as (
                  select * from rows from (json_to_recordset(cast(:events as json)) as
                    (experiment uuid, task uuid, level text, type text, message text, data json))
                  with ordinality as n(experiment, task, level, type, message, data, ordinal)),
                counted as (
                  select experiment, count(*) as n,
                         bool_or(type in ('experiment_succeeded', 'experiment_failed', 'experiment_cancelled')) as closes
                    from new group by experiment),
                locked as (
                  select c.experiment_id, counted.n, counted.closes
                    from event_counter c join counted on counted.experiment = c.experiment_id
                   where not c.closed order by c.experiment_id for no key update of c),
                bumped as (
                  update event_counter c set last_id = c.last_id + locked.n, closed = locked.closes from locked
                   where c.experiment_id = locked.experiment_id
                  returning c.experiment_id, c.last_id - locked.n as base),
                added as (
                  insert into event (experiment_id, id, task_id, level, type, message, data)
                  select new.experiment, bumped.base + row_number() over (partition by new.experiment order by new.ordinal),
                         new.task, new.level, new.type, new.message, new.data
                    from new join bumped on bumped.experiment_id = new.experiment
                  returning experiment_id)
                select count(pg_notify('goodhart_event', cast(experiment_id as text)))
                  from (select distinct experiment_id from added) touched""")
                .param(
                        "events",
                        GoodhartJson.write(events.stream().map(EventLog::row).toList()))
                .query(Long.class)
                .single();
    }

    /**
     * One event for every experiment that waits for the task.
     *
     * @param message the experiment's label of the task → what to say
     */
    public List<NewEvent> ofTask(
            UUID task, EventLevel level, String type, UnaryOperator<String> message, @Nullable Object data) {
        List<NewEvent> events = new ArrayList<>();
        jdbc.sql("select experiment_id, label from experiment_task where task_id = :task and not released")
                .param("task", task)
                .query((row, number) -> events.add(new NewEvent(
                        row.getObject(1, UUID.class), task, level, type, message.apply(row.getString(2)), data)))
                .list();
        return events;
    }

    private static Map<String, @Nullable Object> row(NewEvent event) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("experiment", event.experiment());
        row.put("task", event.task());
        row.put("level", event.level().name());
        row.put("type", event.type());
        row.put("message", Sql.text(event.message()));
        row.put("data", event.data());
        return row;
    }
}
