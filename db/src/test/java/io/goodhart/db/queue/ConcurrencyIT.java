package io.goodhart.db.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.experiment.EventView;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.ExperimentSummary;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.ListQuery;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@DbTest
class ConcurrencyIT {
    private static final Logger LOG = LoggerFactory.getLogger(ConcurrencyIT.class);
    private static final int THREADS = 8;

    private final TaskQueue queue;
    private final Experiments experiments;
    private final TaskSweeper sweeper;
    private final Scenario scenario;
    private final JdbcClient jdbc;

    @Autowired
    ConcurrencyIT(TaskQueue queue, Experiments experiments, TaskSweeper sweeper, Scenario scenario, JdbcClient jdbc) {
        this.queue = queue;
        this.experiments = experiments;
        this.sweeper = sweeper;
        this.scenario = scenario;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    @Test
    void thousandsOfTinyTasksAreEachDoneOnce() throws Exception {
        int experimentCount = 4;
        int tasks = 500;
        for (int e = 0; e < experimentCount; e++) {
            Graph graph = new Graph("e" + e);
            for (int i = 0; i < tasks; i++) {
                graph.task("e" + e + "-" + i);
            }
            scenario.submit(graph.run("zeta", 1, "e" + e + "-0"));
        }
        Map<UUID, Integer> claims = new ConcurrentHashMap<>();
        long start = System.nanoTime();
        inParallel(() -> {
            Optional<ClaimedTask> task = claim();
            while (task.isPresent()) {
                claims.merge(task.get().ref().task(), 1, Integer::sum);
                scenario.succeed(task.get());
                task = claim();
            }
            return null;
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        LOG.warn("claim + succeed: {} tasks/s", Math.round(experimentCount * tasks / seconds));
        assertThat(claims).hasSize(experimentCount * tasks).containsValue(1).doesNotContainValue(2);
        assertThat(queue.depths()).isEmpty();
        assertThat(experiments.list(ListQuery.newest(10)).items())
                .extracting(ExperimentSummary::state)
                .containsOnly(ExperimentState.SUCCEEDED)
                .hasSize(experimentCount);
    }

    @Test
    void eventsNeverAppearBehindOnesThatWereSeen() throws Exception {
        Graph graph = new Graph("events");
        Graph sharing = new Graph("sharing");
        for (int i = 0; i < 300; i++) {
            graph.task("t" + i);
            if (i % 2 == 0) {
                sharing.task("t" + i);
            }
        }
        List<ExperimentId> ids = List.of(scenario.submit(graph), scenario.submit(sharing));
        AtomicBoolean writing = new AtomicBoolean(true);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> seen = new ArrayList<>();
            for (ExperimentId id : ids) {
                seen.add(readers.submit(() -> follow(id, writing)));
            }
            inParallel(() -> {
                Optional<ClaimedTask> task = claim();
                while (task.isPresent()) {
                    queue.event(task.get().ref(), EventLevel.INFO, "note", "between", null);
                    scenario.succeed(task.get());
                    task = claim();
                }
                return null;
            });
            writing.set(false);
            // queued, running, three for each task, and the end; every one once and in order
            assertThat(seen.getFirst().get())
                    .isEqualTo(LongStream.rangeClosed(1, 903).boxed().toList());
            assertThat(seen.getLast().get())
                    .isEqualTo(LongStream.rangeClosed(1, 453).boxed().toList());
        }
    }

    /** Reads as a client with Last-Event-ID does. */
    private List<Long> follow(ExperimentId id, AtomicBoolean writing) {
        List<Long> seen = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = writing.get();
            List<EventView> events = experiments.events(id, seen.isEmpty() ? 0 : seen.getLast(), 1000);
            events.forEach(event -> seen.add(event.id()));
        }
        return seen;
    }

    @Test
    void whateverHappensAtOnceEveryExperimentEnds() throws Exception {
        AtomicInteger serial = new AtomicInteger();
        Graph base = new Graph("first");
        scenario.submit(grown(base, 0));
        inParallel(() -> {
            RandomGenerator random = new SplittableRandom(serial.incrementAndGet());
            for (int i = 0; i < 60; i++) {
                act(random, serial);
            }
            return null;
        });
        drain();
        assertThat(queue.depths()).isEmpty();
        assertThat(experiments.list(ListQuery.newest(100)).items())
                .isNotEmpty()
                .allSatisfy(experiment -> assertThat(experiment.state().isTerminal())
                        .as(experiment.toString())
                        .isTrue());
        assertThat(jdbc.sql("select count(*) from run where ended_at is null or open_tasks <> 0")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** Two layers and a report over a pool of names that other experiments draw from too. */
    private static Graph grown(Graph graph, int offset) {
        for (int i = 0; i < 4; i++) {
            graph.task("base" + (offset + i) % 6);
        }
        for (int i = 0; i < 4; i++) {
            int at = (offset + i) % 6;
            graph.task("next" + at + "-" + offset % 2, "base" + at);
            graph.run("arm" + i, 1, "base" + at, "next" + at + "-" + offset % 2);
        }
        String[] inputs = new String[4];
        for (int i = 0; i < 4; i++) {
            inputs[i] = "next" + (offset + i) % 6 + "-" + offset % 2;
        }
        return graph.task("report" + offset, inputs);
    }

    private void act(RandomGenerator random, AtomicInteger serial) {
        switch (random.nextInt(11)) {
            case 0 -> {
                int number = serial.incrementAndGet();
                scenario.submit(grown(new Graph("e" + number), number % 12));
            }
            case 1 -> changeOne(random, experiments::cancel);
            case 2 -> sweeper.sweep();
            case 3 ->
                changeOne(
                        random,
                        id -> experiments.prioritise(id, new Priority(random.nextInt(Priority.MIN, Priority.MAX + 1))));
            default -> claim().ifPresent(task -> work(random, task));
        }
    }

    private void changeOne(RandomGenerator random, Consumer<ExperimentId> change) {
        List<ExperimentSummary> all = experiments.list(ListQuery.newest(20)).items();
        try {
            change.accept(all.get(random.nextInt(all.size())).id());
        } catch (ConflictException e) {
            assertThat(e.code()).isEqualTo("already_ended");
        }
    }

    private void work(RandomGenerator random, ClaimedTask task) {
        try {
            queue.metrics(task.ref(), List.of(new MetricPoint(1, "loss", 1)));
            if (queue.heartbeat(task.ref(), Scenario.LEASE, null) && random.nextBoolean()) {
                queue.cancelled(task.ref());
                return;
            }
            switch (random.nextInt(8)) {
                case 0 -> queue.fail(task.ref(), FailureCode.CHILD_DIED, "died");
                case 1 -> queue.fail(task.ref(), FailureCode.DIVERGED, "NaN");
                case 2 -> queue.release(task.ref());
                case 3 -> {
                    scenario.letLeaseEnd(task.ref().task());
                    scenario.succeed(task);
                }
                default -> scenario.succeed(task);
            }
        } catch (LeaseLostException e) {
            assertThat(e.code()).isEqualTo("lease_lost");
        }
    }

    private void drain() {
        Optional<ClaimedTask> task = claim();
        while (task.isPresent()) {
            scenario.succeed(task.get());
            task = claim();
        }
        jdbc.sql("update task set visible_at = now() - interval '1 second' where state = 'RUNNING'")
                .update();
        sweeper.sweep();
        claim().ifPresent(left -> {
            scenario.succeed(left);
            drain();
        });
    }

    private Optional<ClaimedTask> claim() {
        return queue.claim(WorkerId.random(), TaskSpec.kinds().keySet(), Scenario.LEASE);
    }

    private static void inParallel(Callable<?> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                futures.add(threads.submit(work));
            }
            for (Future<?> future : futures) {
                future.get(2, TimeUnit.MINUTES);
            }
        }
    }
}
