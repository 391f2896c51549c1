package io.goodhart.api.fake;

import io.goodhart.db.experiment.CheckpointView;
import io.goodhart.db.experiment.EventView;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.ExperimentSummary;
import io.goodhart.db.experiment.ExperimentView;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.ListQuery;
import io.goodhart.db.experiment.MeasuredRun;
import io.goodhart.db.experiment.MetricValue;
import io.goodhart.db.experiment.Page;
import io.goodhart.db.experiment.ProbeView;
import io.goodhart.db.experiment.RunId;
import io.goodhart.db.experiment.RunView;
import io.goodhart.db.experiment.Submission;
import io.goodhart.db.experiment.TaskCounts;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.db.queue.EventLevel;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Experiments in memory: what was submitted, and what a test puts in. Thread-safe. */
public final class FakeExperiments implements Experiments {
    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

    private final Map<ExperimentId, ExperimentView> views = new LinkedHashMap<>();
    private final Map<ExperimentId, List<EventView>> events = new HashMap<>();
    private final Map<ExperimentId, List<RunView>> runs = new HashMap<>();
    private final Map<ExperimentId, List<TaskView>> tasks = new HashMap<>();
    private final Map<String, Submission> keys = new HashMap<>();
    private final Map<Submission, ExperimentId> submissions = new HashMap<>();
    private final List<MetricValue> metrics = new ArrayList<>();

    /** Forgets everything. */
    public synchronized void clear() {
        views.clear();
        events.clear();
        runs.clear();
        tasks.clear();
        keys.clear();
        submissions.clear();
        metrics.clear();
    }

    public synchronized int count() {
        return views.size();
    }

    @Override
    public synchronized Optional<ExperimentId> submitted(Submission submission) {
        Optional<Submission> known = Optional.ofNullable(keys.get(submission.idempotencyKey()));
        if (known.isPresent() && !known.get().equals(submission)) {
            throw new ConflictException("idempotency_key_reused", "The key came with something else");
        }
        return known.map(submissions::get);
    }

    @Override
    public synchronized ExperimentId submit(Submission submission, Plan plan, List<Problem> warnings) {
        Optional<ExperimentId> known = submitted(submission);
        if (known.isPresent()) {
            return known.get();
        }
        ExperimentId id = new ExperimentId(new UUID(7, views.size() + 1));
        ExperimentSpec spec = submission.spec();
        ExperimentSummary summary = new ExperimentSummary(
                id,
                spec.name(),
                ExperimentState.QUEUED,
                submission.priority(),
                spec.metadata(),
                new TaskCounts(plan.tasks().size() - 1, 1, 0, 0, 0, 0),
                START.plusSeconds(views.size()),
                null,
                null);
        views.put(id, new ExperimentView(summary, spec, warnings, null, new UUID(8, 1), null));
        List<RunView> planned = new ArrayList<>();
        plan.runs()
                .forEach((run, keys) -> planned.add(new RunView(
                        new RunId(new UUID(9, planned.size() + 1)),
                        id,
                        run.arm(),
                        run.seed(),
                        ExperimentState.QUEUED,
                        new TaskCounts(keys.size(), 0, 0, 0, 0, 0),
                        null,
                        null,
                        null)));
        runs.put(id, planned);
        if (submission.idempotencyKey() != null) {
            keys.put(submission.idempotencyKey(), submission);
            submissions.put(submission, id);
        }
        return id;
    }

    @Override
    public synchronized void prioritise(ExperimentId id, Priority priority) {
        ExperimentState state = get(id).summary().state();
        if (state.isTerminal()) {
            throw new ConflictException("already_ended", "The experiment has ended");
        }
        change(id, state, priority, get(id).report());
    }

    /** Puts an experiment into a state. */
    public synchronized void move(ExperimentId id, ExperimentState state, @Nullable ArtifactId report) {
        change(id, state, get(id).summary().priority(), report);
    }

    private void change(ExperimentId id, ExperimentState state, Priority priority, @Nullable ArtifactId report) {
        ExperimentView view = get(id);
        ExperimentSummary was = view.summary();
        ExperimentSummary now = new ExperimentSummary(
                id,
                was.name(),
                state,
                priority,
                was.metadata(),
                was.tasks(),
                was.createdAt(),
                state == ExperimentState.QUEUED ? null : START,
                state.isTerminal() ? START.plusSeconds(60) : null);
        views.put(id, new ExperimentView(now, view.spec(), view.warnings(), view.failure(), view.reportTask(), report));
    }

    @Override
    public synchronized Map<String, ArtifactId> reportInputs(ExperimentId id) {
        Map<String, ArtifactId> inputs = new HashMap<>();
        runs(id).forEach(run ->
                inputs.put("final." + run.arm() + "." + run.seed(), new ArtifactId("c0ffee00".repeat(8))));
        return inputs;
    }

    @Override
    public List<MeasuredRun> measuredRuns(ExperimentId id) {
        return List.of();
    }

    /** Adds the next event. */
    public synchronized void say(ExperimentId id, String type, String message) {
        List<EventView> all = events.computeIfAbsent(id, any -> new ArrayList<>());
        all.add(new EventView(all.size() + 1, id, null, EventLevel.INFO, type, message, null, START));
    }

    public synchronized void setTasks(ExperimentId id, List<TaskView> all) {
        tasks.put(id, List.copyOf(all));
    }

    public synchronized void addMetric(MetricValue value) {
        metrics.add(value);
    }

    @Override
    public synchronized ExperimentView get(ExperimentId id) {
        ExperimentView view = views.get(id);
        if (view == null) {
            throw new NotFoundException("There is no experiment " + id);
        }
        return view;
    }

    @Override
    public synchronized Page<ExperimentSummary> list(ListQuery query) {
        List<ExperimentSummary> newest = views.values().stream()
                .map(ExperimentView::summary)
                .sorted(Comparator.comparing(ExperimentSummary::createdAt).reversed())
                .filter(item -> query.state() == null || item.state() == query.state())
                .filter(item ->
                        item.metadata().entrySet().containsAll(query.metadata().entrySet()))
                .toList();
        ExperimentId after = query.after();
        int from = 0;
        for (int i = 0; after != null && i < newest.size(); i++) {
            from = newest.get(i).id().equals(after) ? i + 1 : from;
        }
        int to = Math.min(newest.size(), from + query.limit());
        return new Page<>(newest.subList(from, to), to < newest.size());
    }

    @Override
    public synchronized void cancel(ExperimentId id) {
        if (get(id).summary().state() == ExperimentState.SUCCEEDED) {
            throw new ConflictException("already_ended", "The experiment has succeeded");
        }
        move(id, ExperimentState.CANCELLED, null);
    }

    @Override
    public synchronized List<RunView> runs(ExperimentId id) {
        return List.copyOf(runs.getOrDefault(get(id).summary().id(), List.of()));
    }

    @Override
    public synchronized RunView run(RunId id) {
        return runs.values().stream()
                .flatMap(List::stream)
                .filter(run -> run.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("There is no run " + id));
    }

    @Override
    public synchronized List<TaskView> tasks(ExperimentId id) {
        return tasks.getOrDefault(get(id).summary().id(), List.of());
    }

    @Override
    public synchronized List<TaskView> tasks(RunId id) {
        return tasks(run(id).experiment());
    }

    @Override
    public synchronized TaskView task(UUID id) {
        return tasks.values().stream()
                .flatMap(List::stream)
                .filter(task -> task.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("There is no task " + id));
    }

    @Override
    public synchronized List<MetricValue> metrics(RunId id, List<String> names) {
        return run(id) == null
                ? List.of()
                : metrics.stream()
                        .filter(point -> names.isEmpty() || names.contains(point.name()))
                        .toList();
    }

    @Override
    public synchronized List<CheckpointView> checkpoints(RunId id) {
        return List.of();
    }

    @Override
    public synchronized List<EventView> events(ExperimentId id, long after, int limit) {
        return events.getOrDefault(get(id).summary().id(), List.of()).stream()
                .filter(event -> event.id() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ProbeView> probes(ExperimentId id) {
        return List.of();
    }
}
