package io.goodhart.db.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.EventLevel;
import io.goodhart.db.queue.FittedProbe;
import io.goodhart.db.queue.MetricPoint;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.db.queue.WorkerInfo;
import io.goodhart.db.queue.Workers;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ExperimentSpec.Reuse;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@DbTest
class ExperimentsIT {
    private final TaskQueue queue;
    private final Experiments experiments;
    private final Probes probes;
    private final Artifacts artifacts;
    private final Workers workers;
    private final Scenario scenario;
    private final JdbcClient jdbc;

    @Autowired
    ExperimentsIT(
            TaskQueue queue,
            Experiments experiments,
            Probes probes,
            Artifacts artifacts,
            Workers workers,
            Scenario scenario,
            JdbcClient jdbc) {
        this.queue = queue;
        this.experiments = experiments;
        this.probes = probes;
        this.artifacts = artifacts;
        this.workers = workers;
        this.scenario = scenario;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    @Test
    void experimentComesBackAsItWasSubmitted() {
        ExperimentSpec spec = Scenario.spec("mine", Reuse.ALWAYS);
        Problem warning = new Problem("few_prompts", "prompts", "Only 5 prompts");
        Graph graph = new Graph("mine").task("a").run("zeta", 2, "a").run("alpha", 1, "a");
        ExperimentId id =
                experiments.submit(new Submission(spec, Priority.NORMAL, null), graph.plan(), List.of(warning));
        ExperimentView view = experiments.get(id);
        assertThat(view.spec()).isEqualTo(spec);
        assertThat(view.spec().arms().keySet()).containsExactly("zeta", "alpha");
        assertThat(view.warnings()).containsExactly(warning);
        assertThat(view.summary().metadata()).isEqualTo(Map.of("name", "mine"));
        assertThat(view.summary().tasks()).isEqualTo(new TaskCounts(0, 1, 0, 0, 0, 0));
        assertThat(view.report()).isNull();
        assertThat(experiments.runs(id)).extracting(RunView::arm).containsExactly("zeta", "alpha");
        assertThat(experiments.events(id, 0, 10))
                .extracting(EventView::type)
                .containsExactly("experiment_queued", "warning");
        assertThat(ExperimentId.parse(id.toString())).isEqualTo(id);
    }

    @Test
    void nothingIsFoundUnderIdsThatNameNothing() {
        ExperimentId nobody = new ExperimentId(UUID.randomUUID());
        RunId noRun = new RunId(UUID.randomUUID());
        for (Runnable read : List.<Runnable>of(
                () -> experiments.get(nobody),
                () -> experiments.prioritise(nobody, Priority.NORMAL),
                () -> experiments.runs(nobody),
                () -> experiments.tasks(nobody),
                () -> experiments.events(nobody, 0, 1),
                () -> experiments.probes(nobody),
                () -> experiments.run(noRun),
                () -> experiments.tasks(noRun),
                () -> experiments.metrics(noRun, List.of()),
                () -> experiments.task(UUID.randomUUID()),
                () -> probes.get(new ProbeId(UUID.randomUUID())),
                () -> ExperimentId.parse("1-1-1-1-1"))) {
            assertThatThrownBy(read::run).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void sameKeyWithTheSameSpecificationAndPriorityIsTheSameExperiment() {
        Priority urgent = new Priority(3);
        Submission mine = new Submission(Scenario.spec("idem", Reuse.NEVER), urgent, "key-1");
        ExperimentId id = submit(mine);
        assertThat(submit(mine)).isEqualTo(id);
        assertThat(experiments.submitted(mine)).contains(id);
        assertThat(submit(new Submission(mine.spec(), urgent, "key-2"))).isNotEqualTo(id);
        assertThat(experiments.submitted(new Submission(mine.spec(), urgent, null)))
                .isEmpty();
        experiments.prioritise(id, Priority.NORMAL);
        assertThat(submit(mine)).as("whatever its priority is now").isEqualTo(id);
        for (Submission other : List.of(
                new Submission(Scenario.spec("other", Reuse.NEVER), urgent, "key-1"),
                new Submission(mine.spec(), Priority.NORMAL, "key-1"))) {
            assertThatThrownBy(() -> submit(other))
                    .isInstanceOfSatisfying(
                            ConflictException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo("idempotency_key_reused"));
        }
    }

    private ExperimentId submit(Submission submission) {
        return experiments.submit(submission, new Graph("idem").task("a").plan(), List.of());
    }

    @Test
    void listGoesBackPageByPage() {
        List<ExperimentId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(scenario.submit(new Graph("e" + i).task("a")));
        }
        Page<ExperimentSummary> first = experiments.list(ListQuery.newest(3));
        assertThat(first.items()).extracting(ExperimentSummary::id).isEqualTo(ids.subList(0, 3));
        assertThat(first.hasMore()).isTrue();
        Page<ExperimentSummary> second =
                experiments.list(new ListQuery(3, first.items().getLast().id(), null, Map.of()));
        assertThat(second.items()).extracting(ExperimentSummary::id).isEqualTo(ids.subList(3, 5));
        assertThat(second.hasMore()).isFalse();
        assertThat(experiments
                        .list(new ListQuery(9, null, null, Map.of("name", "e3")))
                        .items())
                .extracting(ExperimentSummary::name)
                .containsExactly("e3");
        assertThat(experiments
                        .list(new ListQuery(9, null, ExperimentState.FAILED, Map.of()))
                        .items())
                .isEmpty();
    }

    @Test
    void metricPointsAreKeptOnceAndInOrder() {
        ExperimentId id = scenario.submit(new Graph("metrics").task("a").run("zeta", 1, "a"));
        ClaimedTask task = scenario.claim();
        queue.metrics(task.ref(), List.of(new MetricPoint(2, "loss", 0.5), new MetricPoint(1, "loss", Double.NaN)));
        queue.metrics(
                task.ref(),
                List.of(
                        new MetricPoint(3, "loss", 0.25),
                        new MetricPoint(2, "loss", 99),
                        new MetricPoint(2, "rewards/chosen", -1),
                        new MetricPoint(3, "loss", 99)));
        RunId run = experiments.runs(id).getFirst().id();
        assertThat(experiments.metrics(run, List.of()))
                .extracting(point -> point.name() + " " + point.step() + " " + point.value())
                .containsExactly("loss 1 NaN", "loss 2 0.5", "loss 3 0.25", "rewards/chosen 2 -1.0");
        assertThat(experiments.metrics(run, List.of("rewards/chosen"))).hasSize(1);
        queue.metrics(task.ref(), List.of());
    }

    @Test
    void writersOfTheSameMetricsInOtherOrdersDoNotBlockEachOther() throws InterruptedException {
        scenario.submit(new Graph("writers").task("a"));
        ClaimedTask task = scenario.claim();
        List<MetricPoint> points = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            points.add(new MetricPoint(i, "m" + i % 7, i));
        }
        List<MetricPoint> reversed = new ArrayList<>(points);
        Collections.reverse(reversed);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (List<MetricPoint> batch : List.of(points, reversed, points, reversed)) {
            threads.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                    .start(() -> queue.metrics(task.ref(), batch)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(jdbc.sql("select count(*) from metric").query(Long.class).single())
                .isEqualTo(800);
    }

    @Test
    void outputsAndProbesAreThereOnceTheTaskHasSucceeded() {
        ExperimentId id = scenario.submit(new Graph("probes").task("a").run("zeta", 1, "a"));
        ClaimedTask task = scenario.claim();
        Output file = Scenario.output("probe file");
        Output report = Scenario.output("answer");
        FittedProbe probe = new FittedProbe(
                ProbeRole.HELD_OUT,
                1,
                ProbeSpec.Kind.LOGISTIC,
                Site.FINAL_NORM,
                null,
                new ModelRevision("m", "ab".repeat(32)),
                file.artifact(),
                GoodhartJson.tree("{\"auroc\":0.91,\"pooling\":\"mean\"}"));
        FittedProbe other = new FittedProbe(
                ProbeRole.TRAIN,
                0,
                ProbeSpec.Kind.LOGISTIC,
                Site.RESID_POST,
                3,
                probe.model(),
                file.artifact(),
                probe.description());
        queue.succeed(task.ref(), Map.of("probes", file, "report", report), List.of(probe, other));
        assertThat(experiments.probes(id)).extracting(ProbeView::probe).containsExactly(other, probe);
        ProbeView first = experiments.probes(id).getFirst();
        assertThat(probes.get(first.id())).isEqualTo(first);
        assertThat(probes.list(1, null).hasMore()).isTrue();
        assertThat(probes.list(9, probes.list(1, null).items().getFirst().id()).items())
                .hasSize(1);
        assertThat(experiments.get(id).report()).isEqualTo(report.artifact());
        assertThat(experiments.tasks(id).getFirst().outputs()).isEqualTo(Map.of("probes", file, "report", report));
        assertThat(artifacts.find(file.artifact())).contains(file);
        assertThat(artifacts.find(new ArtifactId("00".repeat(32)))).isEmpty();
        assertThat(artifacts.referenced()).containsExactlyInAnyOrder(file.artifact(), report.artifact());
    }

    @Test
    void workersCanTellTheUsersSomething() {
        ExperimentId id = scenario.submit(new Graph("note").task("a"));
        ClaimedTask task = scenario.claim();
        queue.event(task.ref(), EventLevel.WARN, "few_pairs", "12 pairs 100%s \0", GoodhartJson.tree("{\"pairs\":12}"));
        EventView event = experiments.events(id, 0, 100).getLast();
        assertThat(event.level()).isEqualTo(EventLevel.WARN);
        assertThat(event.message()).isEqualTo("12 pairs 100%s \uFFFD");
        assertThat(event.task()).isEqualTo(task.ref().task());
        assertThat(event.data()).isEqualTo(GoodhartJson.tree("{\"pairs\":12}"));
        assertThat(experiments.events(id, event.id(), 100)).isEmpty();
        assertThat(experiments.events(id, 0, 1)).extracting(EventView::id).containsExactly(1L);
    }

    @Test
    void workersAreLiveWhileTheyAreHeardOf() {
        WorkerId a = WorkerId.random();
        WorkerId b = WorkerId.random();
        workers.register(a, "pod-2", "cpu", 1_000);
        workers.register(b, "pod-1", "cuda:0", 2_000);
        assertThat(workers.live(Duration.ofMinutes(1)))
                .extracting(WorkerInfo::name)
                .containsExactly("pod-1", "pod-2");
        jdbc.sql("update worker set last_seen = now() - interval '2 minutes'").update();
        assertThat(workers.live(Duration.ofMinutes(1))).isEmpty();
        workers.beat(b);
        assertThat(workers.live(Duration.ofMinutes(1)))
                .extracting(WorkerInfo::id)
                .containsExactly(b);
        workers.deregister(b);
        assertThat(workers.live(Duration.ofMinutes(1))).isEmpty();
        assertThatThrownBy(() -> workers.beat(b)).isInstanceOf(IllegalStateException.class);
    }
}
