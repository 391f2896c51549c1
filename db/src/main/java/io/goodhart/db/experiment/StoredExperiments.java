package io.goodhart.db.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.EventLevel;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Experiments as rows. */
@Component
final class StoredExperiments implements Experiments {
    private final ExperimentRepository experiments;
    private final RunRepository runs;
    private final ProbeRepository probes;
    private final TaskReads tasks;
    private final JdbcClient jdbc;
    private final Submissions submissions;
    private final Cancellations cancellations;
    private final Priorities priorities;
    private final TransactionTemplate transactions;

    StoredExperiments(
            Repositories repositories,
            TaskReads tasks,
            JdbcClient jdbc,
            Submissions submissions,
            Cancellations cancellations,
            Priorities priorities,
            PlatformTransactionManager transactionManager) {
        this.experiments = repositories.experiments();
        this.runs = repositories.runs();
        this.probes = repositories.probes();
        this.tasks = tasks;
        this.jdbc = jdbc;
        this.submissions = submissions;
        this.cancellations = cancellations;
        this.priorities = priorities;
        this.transactions = new TransactionTemplate(transactionManager);
    }

    @Override
    public ExperimentId submit(Submission submission, Plan plan, List<Problem> warnings) {
        UUID id = transactions.execute(status -> submissions.submit(submission, plan, warnings));
        if (id == null) {
            throw new IllegalStateException("A submission gave no id");
        }
        return new ExperimentId(id);
    }

    @Override
    public Optional<ExperimentId> submitted(Submission submission) {
        return submissions.earlier(submission).map(ExperimentId::new);
    }

    @Override
    public void prioritise(ExperimentId id, Priority priority) {
        transactions.executeWithoutResult(status -> priorities.change(id.value(), priority));
    }

    @Override
    public void cancel(ExperimentId id) {
        transactions.executeWithoutResult(status -> cancellations.cancel(id.value()));
    }

    @Override
    public ExperimentView get(ExperimentId id) {
        ExperimentEntity experiment = experiments.findById(id.value()).orElseThrow(() -> notFound(id));
        return experiment.view(counts(tasks.countsOfExperiments(List.of(id.value())), id.value()), report(experiment));
    }

    private static NotFoundException notFound(ExperimentId id) {
        return new NotFoundException("There is no experiment " + id);
    }

    private static TaskCounts counts(Map<UUID, TaskCounts> counts, UUID id) {
        return counts.getOrDefault(id, TaskCounts.of(Map.of()));
    }

    private @Nullable ArtifactId report(ExperimentEntity experiment) {
        return jdbc.sql("select artifact from task_output where task_id = :task and name = 'report'")
                .param("task", experiment.reportTask())
                .query((row, number) -> new ArtifactId(row.getString(1)))
                .optional()
                .orElse(null);
    }

    @Override
    public Page<ExperimentSummary> list(ListQuery query) {
        List<ExperimentEntity> found = experiments.newest(
                query.after() == null ? null : query.after().toString(),
                query.state() == null ? null : query.state().name(),
                GoodhartJson.write(query.metadata()),
                query.limit() + 1);
        Map<UUID, TaskCounts> counts = tasks.countsOfExperiments(
                found.stream().map(ExperimentEntity::id).toList());
        return Page.of(
                found.stream()
                        .map(experiment -> experiment.summary(counts(counts, experiment.id())))
                        .toList(),
                query.limit());
    }

    @Override
    public List<RunView> runs(ExperimentId id) {
        requirePresent(id);
        List<RunEntity> found = runs.findByExperimentIdOrderByOrdinal(id.value());
        Map<UUID, TaskCounts> counts =
                tasks.countsOfRuns(found.stream().map(RunEntity::id).toList());
        return found.stream().map(run -> run.view(counts(counts, run.id()))).toList();
    }

    @Override
    public RunView run(RunId id) {
        RunEntity run = runs.findById(id.value()).orElseThrow(() -> new NotFoundException("There is no run " + id));
        return run.view(counts(tasks.countsOfRuns(List.of(id.value())), id.value()));
    }

    @Override
    public List<TaskView> tasks(ExperimentId id) {
        requirePresent(id);
        return tasks.ofExperiment(id.value());
    }

    @Override
    public List<TaskView> tasks(RunId id) {
        requirePresent(id);
        return tasks.ofRun(id.value());
    }

    @Override
    public TaskView task(UUID id) {
        return tasks.find(id).orElseThrow(() -> new NotFoundException("There is no task " + id));
    }

    @Override
    public List<MetricValue> metrics(RunId id, List<String> names) {
        requirePresent(id);
        return jdbc.sql("""
                select m.task_id, m.name, m.step, m.value, m.at
                  from metric m join run_task l on l.task_id = m.task_id
                 where l.run_id = :run and (cardinality(:names) = 0 or m.name = any(:names))
                 order by m.name, m.task_id, m.step""")
                .param("run", id.value())
                .param("names", names.toArray(String[]::new))
                .query((row, number) -> new MetricValue(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getLong(3),
                        row.getDouble(4),
                        instant(row, 5)))
                .list();
    }

    @Override
    public List<CheckpointView> checkpoints(RunId id) {
        requirePresent(id);
        return jdbc.sql("""
                select c.task_id, c.step, c.artifact, a.bytes, c.created_at
                  from checkpoint c join run_task l on l.task_id = c.task_id join artifact a on a.sha256 = c.artifact
                 where l.run_id = :run order by c.task_id, c.step""")
                .param("run", id.value())
                .query((row, number) -> new CheckpointView(
                        row.getObject(1, UUID.class),
                        row.getLong(2),
                        new ArtifactId(row.getString(3)),
                        row.getLong(4),
                        instant(row, 5)))
                .list();
    }

    @Override
    public List<EventView> events(ExperimentId id, long after, int limit) {
        List<EventView> events = jdbc.sql("""
                select id, task_id, level, type, message, data, at from event
                 where experiment_id = :experiment and id > :after order by id limit :limit""")
                .param("experiment", id.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> event(id, row))
                .list();
        if (events.isEmpty()) {
            requirePresent(id);
        }
        return events;
    }

    private static EventView event(ExperimentId experiment, ResultSet row) throws SQLException {
        String data = row.getString(6);
        return new EventView(
                row.getLong(1),
                experiment,
                row.getObject(2, UUID.class),
                EventLevel.valueOf(row.getString(3)),
                row.getString(4),
                row.getString(5),
                data == null ? null : GoodhartJson.tree(data),
                instant(row, 7));
    }

    @Override
    public Map<String, ArtifactId> reportInputs(ExperimentId id) {
        requirePresent(id);
        Map<String, ArtifactId> inputs = new TreeMap<>();
        jdbc.sql("""
                select i.name, o.artifact
                  from experiment e
                  join task_input i on i.task_id = e.report_task
                  join task_output o on o.task_id = i.source_id and o.name = i.output
                 where e.id = :experiment""").param("experiment", id.value()).query(row -> {
            inputs.put(row.getString(1), new ArtifactId(row.getString(2)));
        });
        return inputs;
    }

    @Override
    public List<MeasuredRun> measuredRuns(ExperimentId id) {
        requirePresent(id);
        return jdbc.sql("""
                select i.name, t.spec::text as spec, d.artifact as details, f.artifact as fixed_texts
                  from experiment e
                  join task_input i on i.task_id = e.report_task and i.output = 'details'
                  join task t on t.id = i.source_id and t.kind = 'evaluate'
                  join task_output d on d.task_id = t.id and d.name = 'details'
                  left join task_input b on b.task_id = t.id and b.name = 'baseline.responses'
                  join task_output f on f.task_id = coalesce(b.source_id, t.id) and f.name = 'responses'
                 where e.id = :experiment
                 order by i.name""")
                .param("experiment", id.value())
                .query((row, number) -> measuredRun(row))
                .list();
    }

    /** From an input {@code details.ARM.SEED} of the report. */
    private static MeasuredRun measuredRun(ResultSet row) throws SQLException {
        String name = row.getString("name");
        int last = name.lastIndexOf('.');
        return new MeasuredRun(
                name.substring(name.indexOf('.') + 1, last),
                Long.parseLong(name.substring(last + 1)),
                (TaskSpec.Evaluate) GoodhartJson.read(TaskSpec.class, row.getString("spec")),
                new ArtifactId(row.getString("details")),
                new ArtifactId(row.getString("fixed_texts")));
    }

    @Override
    public List<ProbeView> probes(ExperimentId id) {
        requirePresent(id);
        return probes.ofExperiment(id.value()).stream().map(ProbeEntity::view).toList();
    }

    private void requirePresent(ExperimentId id) {
        if (!experiments.existsById(id.value())) {
            throw notFound(id);
        }
    }

    private void requirePresent(RunId id) {
        if (!runs.existsById(id.value())) {
            throw new NotFoundException("There is no run " + id);
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** The repositories together. */
    @Component
    record Repositories(ExperimentRepository experiments, RunRepository runs, ProbeRepository probes) {}
}
