package io.goodhart.db.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.Progress;
import io.goodhart.db.queue.Sql;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.state.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads tasks with what they gave. */
@Component
final class TaskReads {
    private static final String OF_EXPERIMENT = """
            select task_id, label, ordinal from experiment_task where experiment_id = :id""";
    private static final String OF_RUN = """
            select l.task_id, e.label, e.ordinal
              from run_task l join run on run.id = l.run_id
              join experiment_task e on e.experiment_id = run.experiment_id and e.task_id = l.task_id
             where l.run_id = :id""";
    private static final String ALONE = "select id as task_id, label, 0 as ordinal from task where id = :id";

    private final JdbcClient jdbc;

    TaskReads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<TaskView> ofExperiment(UUID experiment) {
        return read(OF_EXPERIMENT, experiment);
    }

    List<TaskView> ofRun(UUID run) {
        return read(OF_RUN, run);
    }

    Optional<TaskView> find(UUID task) {
        return read(ALONE, task).stream().findFirst();
    }

    private List<TaskView> read(String links, UUID id) {
        Map<UUID, Map<String, Output>> outputs = outputs(links, id);
        return jdbc.sql("""
                with l as (%s)
                select t.id, t.content_key, t.kind, l.label, t.state, t.waiting_for, t.attempt, t.max_attempts,
                       t.cancel_requested, t.progress, t.failure_code, t.failure_detail, t.created_at, t.started_at,
                       t.ended_at
                  from task t join l on l.task_id = t.id
                 order by l.ordinal""".formatted(links))
                .param("id", id)
                .query((row, number) -> view(row, outputs))
                .list();
    }

    private Map<UUID, Map<String, Output>> outputs(String links, UUID id) {
        Map<UUID, Map<String, Output>> outputs = new HashMap<>();
        jdbc.sql("""
                with l as (%s)
                select o.task_id, o.name, a.sha256, a.bytes, a.media_type
                  from task_output o join l on l.task_id = o.task_id join artifact a on a.sha256 = o.artifact""".formatted(links)).param("id", id).query(row -> {
            outputs.computeIfAbsent(row.getObject(1, UUID.class), task -> new HashMap<>())
                    .put(
                            row.getString(2),
                            new Output(new ArtifactId(row.getString(3)), row.getLong(4), row.getString(5)));
        });
        return outputs;
    }

    /** Counts of the tasks of each experiment. */
    Map<UUID, TaskCounts> countsOfExperiments(Collection<UUID> experiments) {
        return counts("""
                select l.experiment_id, t.state, count(*) from experiment_task l join task t on t.id = l.task_id
                 where l.experiment_id = any(cast(:ids as uuid[])) group by 1, 2""", experiments);
    }

    /** Counts of the tasks of each run. */
    Map<UUID, TaskCounts> countsOfRuns(Collection<UUID> runs) {
        return counts("""
                select l.run_id, t.state, count(*) from run_task l join task t on t.id = l.task_id
                 where l.run_id = any(cast(:ids as uuid[])) group by 1, 2""", runs);
    }

    private Map<UUID, TaskCounts> counts(String sql, Collection<UUID> ids) {
        Map<UUID, Map<TaskState, Integer>> byState = new HashMap<>();
        jdbc.sql(sql).param("ids", Sql.uuids(ids)).query(row -> {
            byState.computeIfAbsent(row.getObject(1, UUID.class), id -> new EnumMap<>(TaskState.class))
                    .put(TaskState.valueOf(row.getString(2)), row.getInt(3));
        });
        Map<UUID, TaskCounts> counts = new HashMap<>();
        ids.forEach(id -> counts.put(id, TaskCounts.of(byState.getOrDefault(id, Map.of()))));
        return counts;
    }

    private static TaskView view(ResultSet row, Map<UUID, Map<String, Output>> outputs) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        String progress = row.getString("progress");
        return new TaskView(
                id,
                new TaskKey(row.getString("content_key")),
                row.getString("kind"),
                row.getString("label"),
                TaskState.valueOf(row.getString("state")),
                row.getInt("waiting_for"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getBoolean("cancel_requested"),
                progress == null ? null : GoodhartJson.read(Progress.class, progress),
                ExperimentEntity.failure(row.getString("failure_code"), row.getString("failure_detail")),
                outputs.getOrDefault(id, Map.of()),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
