package io.goodhart.db.experiment;

import io.goodhart.db.DbProperties;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.EventLevel;
import io.goodhart.db.queue.EventLog;
import io.goodhart.db.queue.Ledger;
import io.goodhart.db.queue.NewEvent;
import io.goodhart.db.queue.Sql;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.util.RawValue;

/** Turns a plan into rows. The graph is locked to the commit: no task ends meanwhile, so no wake-up is missed. */
@Component
final class Submissions {
    private final JdbcClient jdbc;
    private final Ledger ledger;
    private final EventLog events;
    private final Places places;
    private final DbProperties properties;

    Submissions(JdbcClient jdbc, Ledger ledger, EventLog events, Places places, DbProperties properties) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.events = events;
        this.places = places;
        this.properties = properties;
    }

    UUID submit(Submission submission, Plan plan, List<Problem> warnings) {
        ledger.lockGraph();
        Optional<UUID> earlier = earlier(submission);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Map<TaskKey, KnownTask> tasks = tasks(plan, submission.spec().reuse());
        UUID experiment = insertExperiment(submission, warnings, plan, tasks);
        linkTasks(experiment, plan, tasks);
        places.settle(experiment);
        linkDatasets(experiment, plan);
        insertRuns(experiment, plan, tasks);
        events.append(news(experiment, plan, warnings, settle(experiment)));
        jdbc.sql("select 1 from pg_notify('goodhart_task', '')")
                .query(Integer.class)
                .single();
        return experiment;
    }

    Optional<UUID> earlier(Submission submission) {
        return jdbc.sql("""
                select id, cast(spec as text) = :json and submitted_priority = :priority
                  from experiment where idempotency_key = :key""")
                .param("json", GoodhartJson.write(submission.spec()))
                .param("priority", submission.priority().value())
                .param("key", submission.idempotencyKey())
                .query((row, number) -> {
                    if (!row.getBoolean(2)) {
                        throw new ConflictException(
                                "idempotency_key_reused",
                                "This idempotency key was used for another specification or priority: experiment "
                                        + row.getString(1));
                    }
                    return row.getObject(1, UUID.class);
                })
                .optional();
    }

    /** The row of every planned task: one that is there, or a new one. */
    private Map<TaskKey, KnownTask> tasks(Plan plan, ExperimentSpec.Reuse reuse) {
        Map<TaskKey, KnownTask> known = new HashMap<>();
        boolean shared = switch (reuse) {
            case ALWAYS -> true;
            case NEVER -> false;
        };
        if (shared) {
            findShared(plan, known);
        }
        List<PlannedTask> missing = plan.tasks().stream()
                .filter(task -> !known.containsKey(task.key()))
                .toList();
        Iterator<UUID> ids = newIds(missing.size()).iterator();
        missing.forEach(task -> known.put(task.key(), new KnownTask(ids.next(), TaskState.WAITING)));
        insertTasks(missing, known, shared);
        insertInputs(missing, known);
        return known;
    }

    private void findShared(Plan plan, Map<TaskKey, KnownTask> known) {
        jdbc.sql("""
                select content_key, id, state from task
                 where content_key = any(:keys) and shared and state not in ('FAILED', 'CANCELLED')
                   and not cancel_requested""")
                .param(
                        "keys",
                        plan.tasks().stream().map(task -> task.key().sha256()).toArray(String[]::new))
                .query(row -> {
                    known.put(
                            new TaskKey(row.getString(1)),
                            new KnownTask(row.getObject(2, UUID.class), TaskState.valueOf(row.getString(3))));
                });
    }

    /** Ids in the order of time, so that earlier tasks of a plan come first among equals. */
    private List<UUID> newIds(int count) {
        return jdbc.sql("select uuidv7() from generate_series(1, :count)")
                .param("count", count)
                .query(Sql.ID)
                .list();
    }

    private void insertTasks(List<PlannedTask> missing, Map<TaskKey, KnownTask> known, boolean shared) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PlannedTask task : missing) {
            long waitingFor = task.inputs().values().stream()
                    .filter(input -> source(input, known).state() != TaskState.SUCCEEDED)
                    .count();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", source(task.key(), known).id());
            row.put("content_key", task.key().sha256());
            row.put("kind", task.spec().kind());
            row.put("spec", new RawValue(GoodhartJson.write(task.spec()))); // in a map its kind would be lost
            row.put("label", task.label());
            row.put("waiting_for", waitingFor);
            rows.add(row);
        }
        jdbc.sql("""
                insert into task (id, content_key, shared, kind, spec, label, state, waiting_for, max_attempts)
                select id, content_key, :shared, kind, spec, label,
                       case when waiting_for = 0 then 'READY' else 'WAITING' end, waiting_for, :maxAttempts
                  from json_to_recordset(cast(:rows as json))
                    as t(id uuid, content_key text, kind text, spec json, label text, waiting_for int)""")
                .param("shared", shared)
                .param("maxAttempts", properties.maxAttempts())
                .param("rows", GoodhartJson.write(rows))
                .update();
    }

    private void insertInputs(List<PlannedTask> missing, Map<TaskKey, KnownTask> known) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PlannedTask task : missing) {
            task.inputs()
                    .forEach((name, input) -> rows.add(Map.of(
                            "task_id",
                            source(task.key(), known).id(),
                            "name",
                            name,
                            "source_id",
                            source(input, known).id(),
                            "output",
                            input.output())));
        }
        jdbc.sql("""
                insert into task_input (task_id, name, source_id, output)
                select task_id, name, source_id, output from json_to_recordset(cast(:rows as json))
                    as t(task_id uuid, name text, source_id uuid, output text)""").param("rows", GoodhartJson.write(rows)).update();
    }

    private static KnownTask source(OutputRef input, Map<TaskKey, KnownTask> known) {
        return source(input.task(), known);
    }

    private static KnownTask source(TaskKey key, Map<TaskKey, KnownTask> known) {
        KnownTask task = known.get(key);
        if (task == null) {
            throw new IllegalArgumentException("The plan names task " + key + " but does not have it");
        }
        return task;
    }

    private UUID insertExperiment(
            Submission submission, List<Problem> warnings, Plan plan, Map<TaskKey, KnownTask> tasks) {
        ExperimentSpec spec = submission.spec();
        return jdbc.sql("""
                insert into experiment
                  (name, state, spec_version, spec, metadata, warnings, idempotency_key, priority, submitted_priority,
                   report_task, open_tasks)
                values (:name, 'QUEUED', :specVersion, cast(:spec as json), cast(:metadata as jsonb),
                        cast(:warnings as json), :idempotencyKey, :priority, :priority, :reportTask, :openTasks)
                returning id""")
                .param("name", spec.name())
                .param("specVersion", spec.specVersion())
                .param("spec", GoodhartJson.write(spec))
                .param("metadata", GoodhartJson.write(spec.metadata()))
                .param("warnings", GoodhartJson.write(warnings))
                .param("idempotencyKey", submission.idempotencyKey())
                .param("priority", submission.priority().value())
                .param("reportTask", source(plan.report(), tasks).id())
                .param(
                        "openTasks",
                        open(plan.tasks().stream().map(PlannedTask::key).toList(), tasks))
                .query(Sql.ID)
                .single();
    }

    private static long open(List<TaskKey> keys, Map<TaskKey, KnownTask> tasks) {
        return keys.stream()
                .distinct()
                .filter(key -> source(key, tasks).state() != TaskState.SUCCEEDED)
                .count();
    }

    private void linkTasks(UUID experiment, Plan plan, Map<TaskKey, KnownTask> tasks) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PlannedTask task : plan.tasks()) {
            rows.add(Map.of("task_id", source(task.key(), tasks).id(), "ordinal", rows.size(), "label", task.label()));
        }
        jdbc.sql("""
                insert into experiment_task (experiment_id, task_id, ordinal, label)
                select :experiment, task_id, ordinal, label from json_to_recordset(cast(:rows as json))
                    as t(task_id uuid, ordinal int, label text)""")
                .param("experiment", experiment)
                .param("rows", GoodhartJson.write(rows))
                .update();
        jdbc.sql("insert into event_counter (experiment_id, last_id) values (:experiment, 0)")
                .param("experiment", experiment)
                .update();
    }

    /** Holds on to every registered data set that the plan reads. */
    private void linkDatasets(UUID experiment, Plan plan) {
        Set<DatasetRevision> registered = plan.tasks().stream()
                .flatMap(task -> task.spec().datasets().stream())
                .filter(dataset -> dataset.registered() != null)
                .collect(Collectors.toSet());
        int linked = jdbc.sql("""
                insert into experiment_dataset (experiment_id, dataset_id)
                select :experiment, id from (
                  select id from dataset
                   where deleted_at is null and name || '@' || version || '/' || artifact = any(:datasets)
                   order by id for share) as d""")
                .param("experiment", experiment)
                .param(
                        "datasets",
                        registered.stream()
                                .map(dataset -> dataset.path() + "/" + dataset.sha256())
                                .toArray(String[]::new))
                .update();
        if (linked < registered.size()) {
            throw new ConflictException("dataset_deleted", "A data set was deleted while the experiment was submitted");
        }
    }

    private void insertRuns(UUID experiment, Plan plan, Map<TaskKey, KnownTask> tasks) {
        Iterator<UUID> ids = newIds(plan.runs().size()).iterator();
        List<Map<String, Object>> runs = new ArrayList<>();
        List<Map<String, Object>> links = new ArrayList<>();
        plan.runs().forEach((run, keys) -> {
            UUID id = ids.next();
            runs.add(Map.of(
                    "id", id, "ordinal", runs.size(), "arm", run.arm(), "seed", run.seed(), "open", open(keys, tasks)));
            keys.stream()
                    .distinct()
                    .forEach(key -> links.add(
                            Map.of("run_id", id, "task_id", source(key, tasks).id())));
        });
        jdbc.sql("""
                insert into run (id, experiment_id, ordinal, arm, seed, state, open_tasks)
                select id, :experiment, ordinal, arm, seed, 'QUEUED', open from json_to_recordset(cast(:runs as json))
                    as r(id uuid, ordinal int, arm text, seed bigint, open int)""")
                .param("experiment", experiment)
                .param("runs", GoodhartJson.write(runs))
                .update();
        jdbc.sql("""
                insert into run_task (run_id, task_id)
                select run_id, task_id from json_to_recordset(cast(:links as json)) as l(run_id uuid, task_id uuid)""").param("links", GoodhartJson.write(links)).update();
    }

    /** What shares running tasks is running; what shares everything is done. */
    private ExperimentState settle(UUID experiment) {
        jdbc.sql("""
                update run r
                   set state = case when open_tasks = 0 then 'SUCCEEDED' else 'RUNNING' end, started_at = now(),
                       ended_at = case when open_tasks = 0 then now() end
                 where experiment_id = :experiment
                   and (open_tasks = 0 or exists (
                     select 1 from run_task l join task on task.id = l.task_id
                      where l.run_id = r.id and task.state = 'RUNNING'))""").param("experiment", experiment).update();
        return jdbc.sql("""
                update experiment e
                   set state = case when open_tasks = 0 then 'SUCCEEDED' else 'RUNNING' end, started_at = now(),
                       ended_at = case when open_tasks = 0 then now() end
                 where id = :experiment
                   and (open_tasks = 0 or exists (
                     select 1 from experiment_task l join task on task.id = l.task_id
                      where l.experiment_id = e.id and task.state = 'RUNNING'))
                returning state""")
                .param("experiment", experiment)
                .query(Sql.TEXT)
                .optional()
                .map(ExperimentState::valueOf)
                .orElse(ExperimentState.QUEUED);
    }

    private static List<NewEvent> news(UUID experiment, Plan plan, List<Problem> warnings, ExperimentState state) {
        List<NewEvent> news = new ArrayList<>();
        news.add(new NewEvent(
                experiment,
                null,
                EventLevel.INFO,
                "experiment_queued",
                "The experiment is queued: %d runs, %d tasks"
                        .formatted(plan.runs().size(), plan.tasks().size()),
                Map.of("runs", plan.runs().size(), "tasks", plan.tasks().size())));
        warnings.forEach(warning ->
                news.add(new NewEvent(experiment, null, EventLevel.WARN, "warning", warning.message(), warning)));
        if (state != ExperimentState.QUEUED) {
            news.add(Ledger.ofExperiment(experiment, state));
        }
        return news;
    }

    /** A task's row as it stands while the graph is locked. */
    private record KnownTask(UUID id, TaskState state) {}
}
