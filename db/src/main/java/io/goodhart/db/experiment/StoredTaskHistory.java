package io.goodhart.db.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.Progress;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.cost.FinishedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads finished tasks. */
@Component
final class StoredTaskHistory implements TaskHistory {
    private final JdbcClient jdbc;

    StoredTaskHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<TaskKey> finished(Collection<TaskKey> keys) {
        return new HashSet<>(jdbc.sql(
                        "select content_key from task where content_key = any(:keys) and shared and state = 'SUCCEEDED'")
                .param("keys", keys.stream().map(TaskKey::sha256).toArray(String[]::new))
                .query((row, number) -> new TaskKey(row.getString(1)))
                .list());
    }

    /** A training's responses are those that its pairs were built from: inputs of an input. */
    @Override
    public List<FinishedTask> latest(int limit) {
        return jdbc.sql("""
                select t.spec, extract(epoch from t.ended_at - t.started_at), t.progress, coalesce(r.tokens, 0)
                  from task t
                  left join lateral (
                    select max(cast(g.spec -> 'sampling' ->> 'max_new_tokens' as int)) as tokens
                      from task_input i
                      left join task_input p on p.task_id = i.source_id and t.kind = 'train'
                      join task g on g.id in (i.source_id, p.source_id) and g.kind = 'generate'
                     where i.task_id = t.id) r on true
                 where t.state = 'SUCCEEDED' and t.started_at is not null order by t.ended_at desc limit :limit""").param("limit", limit).query((row, number) -> read(row)).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<FinishedTask> read(ResultSet row) throws SQLException {
        String progress = row.getString(3);
        try {
            return Optional.of(new FinishedTask(
                    GoodhartJson.read(TaskSpec.class, row.getString(1)),
                    row.getDouble(2),
                    progress == null
                            ? 0
                            : GoodhartJson.read(Progress.class, progress).totalSteps(),
                    row.getInt(4)));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }
}
