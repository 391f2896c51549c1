package io.goodhart.db.queue;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.ArtifactId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of what tasks gave: artifacts, outputs, checkpoints, probes. */
@Component
final class TaskResults {
    private final JdbcClient jdbc;

    TaskResults(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the task has succeeded under this very fence and with these very outputs. */
    boolean areThose(TaskRef ref, Map<String, Output> outputs) {
        boolean succeeded = jdbc.sql("select 1 from task where id = :task and fence = :fence and state = 'SUCCEEDED'")
                .param("task", ref.task())
                .param("fence", ref.fence())
                .query(Integer.class)
                .optional()
                .isPresent();
        return succeeded && stored(ref.task()).equals(ids(outputs));
    }

    private Map<String, ArtifactId> stored(UUID task) {
        Map<String, ArtifactId> stored = new TreeMap<>();
        jdbc.sql("select name, artifact from task_output where task_id = :task")
                .param("task", task)
                .query(row -> {
                    stored.put(row.getString(1), new ArtifactId(row.getString(2)));
                });
        return stored;
    }

    private static Map<String, ArtifactId> ids(Map<String, Output> outputs) {
        Map<String, ArtifactId> ids = new TreeMap<>();
        outputs.forEach((name, output) -> ids.put(name, output.artifact()));
        return ids;
    }

    Collection<String> names(Map<String, Output> outputs) {
        return new TreeSet<>(outputs.keySet());
    }

    void keep(UUID task, Map<String, Output> outputs) {
        outputs.values().stream()
                .sorted((a, b) -> a.artifact().compareTo(b.artifact()))
                .forEach(this::keep);
        ids(outputs)
                .forEach((name, artifact) -> jdbc.sql(
                                "insert into task_output (task_id, name, artifact) values (:task, :name, :artifact)")
                        .param("task", task)
                        .param("name", name)
                        .param("artifact", artifact.sha256())
                        .update());
        List<String> missing = jdbc.sql("""
                select distinct i.output from task_input i
                 where i.source_id = :task
                   and not exists (select 1 from task_output o where o.task_id = i.source_id and o.name = i.output)""").param("task", task).query(Sql.TEXT).list();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "Task %s must give %s, which others wait for; it gave %s".formatted(task, missing, names(outputs)));
        }
    }

    private void keep(Output output) {
        jdbc.sql("""
                insert into artifact (sha256, bytes, media_type) values (:sha256, :bytes, :mediaType)
                on conflict (sha256) do nothing""")
                .param("sha256", output.artifact().sha256())
                .param("bytes", output.bytes())
                .param("mediaType", output.mediaType())
                .update();
    }

    void keep(UUID task, long step, Output artifact) {
        keep(artifact);
        jdbc.sql("""
                insert into checkpoint (task_id, step, artifact) values (:task, :step, :artifact)
                on conflict (task_id, step) do nothing""")
                .param("task", task)
                .param("step", step)
                .param("artifact", artifact.artifact().sha256())
                .update();
    }

    void keep(UUID task, List<FittedProbe> probes) {
        for (FittedProbe probe : probes) {
            jdbc.sql("""
                    insert into probe (task_id, idx, role, kind, site, layer, model_path, model_sha256, artifact, description)
                    values (:task, :idx, :role, :kind, :site, :layer, :modelPath, :modelSha256, :artifact,
                            cast(:description as json))""")
                    .param("task", task)
                    .param("idx", probe.index())
                    .param("role", probe.role().name())
                    .param("kind", probe.kind().name())
                    .param("site", probe.site().name())
                    .param("layer", probe.layer())
                    .param("modelPath", probe.model().path())
                    .param("modelSha256", probe.model().sha256())
                    .param("artifact", probe.artifact().sha256())
                    .param("description", GoodhartJson.write(probe.description()))
                    .update();
        }
    }
}
