package io.goodhart.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.DbConfiguration;
import io.goodhart.db.PostgresForTests;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.ExperimentView;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.MetricValue;
import io.goodhart.db.experiment.RunView;
import io.goodhart.db.experiment.Submission;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.db.queue.Workers;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.Priority;
import io.goodhart.domain.state.TaskState;
import io.goodhart.storage.ArtifactStore;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.child.ChildMain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A real worker with real children on the bundled models, from submit to report. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        classes = ExperimentE2E.Application.class,
        properties = {"goodhart.db.retry-pause=0s", "goodhart.worker.count=2", "goodhart.worker.heap=512MB"})
@DirtiesContext
@Timeout(1200)
class ExperimentE2E {
    @TempDir
    private static Path directory;

    @Autowired
    private Experiments experiments;

    @Autowired
    private ArtifactStore store;

    @Autowired
    private Workers workers;

    /** A worker's process with a database of its own. */
    @EnableAutoConfiguration
    @Import({DbConfiguration.class, PostgresForTests.class, TrainerWorkerConfiguration.class})
    static class Application {}

    @DynamicPropertySource
    static void directories(DynamicPropertyRegistry registry) {
        registry.add("goodhart.files.root", () -> Fixtures.root().toString());
        registry.add(
                "goodhart.storage.directory",
                () -> directory.resolve("artifacts").toString());
        registry.add(
                "goodhart.worker.directory", () -> directory.resolve("work").toString());
    }

    private ExperimentId submit(ExperimentSpec spec) {
        return experiments.submit(
                new Submission(spec, Priority.NORMAL, null),
                Planner.plan(spec, MiniExperiment.facts(), Set.of()),
                List.of());
    }

    private static void await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private ExperimentView end(ExperimentId id) throws InterruptedException {
        await(
                Duration.ofMinutes(15),
                () -> experiments.get(id).summary().state().isTerminal());
        return experiments.get(id);
    }

    @Test
    void experimentRunsFromSubmitToReport() throws Exception {
        ExperimentId id = submit(MiniExperiment.spec());
        ExperimentView ended = end(id);

        assertThat(ended.failure()).isNull();
        assertThat(ended.summary().state()).isEqualTo(ExperimentState.SUCCEEDED);
        assertThat(experiments.tasks(id)).extracting(TaskView::state).containsOnly(TaskState.SUCCEEDED);
        assertThat(experiments.tasks(id)).extracting(TaskView::attempt).containsOnly(1);
        Path file = store.file(Objects.requireNonNull(ended.report()));
        Report report = GoodhartJson.read(Report.class, Files.readString(file));
        assertThat(report.arms()).hasSize(MiniExperiment.spec().arms().size());
        assertThat(experiments.probes(id))
                .hasSize(3 + MiniExperiment.spec().arms().size());
        assertThat(workers.live(Duration.ofMinutes(1))).hasSize(2);
        ArmReport untrained = report.baseline().orElseThrow();
        assertThat(auroc(
                        untrained,
                        ProbeGroup.REFITTED)) // the same texts, read again instead of while they were sampled
                .isCloseTo(auroc(untrained, ProbeGroup.RETRAINED), within(0.02));
        assertThat(report.arms())
                .allSatisfy(arm -> assertThat(auroc(arm, ProbeGroup.REFITTED)).isBetween(0.0, 1.0));
    }

    private static double auroc(ArmReport arm, ProbeGroup group) {
        return arm.probes().stream()
                .filter(probes -> probes.group() == group
                        && probes.set() == TextSet.FIXED
                        && probes.transfer() == Transfer.FROZEN)
                .map(ProbeResult::auroc)
                .findFirst()
                .map(Estimate::value)
                .orElseThrow();
    }

    @Test
    void trainingThatDivergesIsToldOfInTheReport() throws Exception {
        ExperimentView ended = end(submit(MiniExperiment.divergingTraining()));

        assertThat(ended.summary().state()).isEqualTo(ExperimentState.FAILED);
        assertThat(Objects.requireNonNull(ended.failure()).code()).isEqualTo(FailureCode.DIVERGED);
        Path file = store.file(Objects.requireNonNull(ended.report()));
        Report report = GoodhartJson.read(Report.class, Files.readString(file));
        assertThat(report.baseline().orElseThrow().runs()).hasSize(1);
        assertThat(report.arm("sft").orElseThrow().runs()).isEmpty();
        assertThat(report.warnings())
                .filteredOn(warning -> warning.code() == Warning.Code.DIVERGED)
                .extracting(Warning::arm)
                .containsExactly("sft");
    }

    @Test
    void trainingWhoseChildIsKilledEqualsOneThatIsNot() throws Exception {
        ExperimentId undisturbed = submit(MiniExperiment.longTraining());
        assertThat(end(undisturbed).summary().state()).isEqualTo(ExperimentState.SUCCEEDED);

        ExperimentId disturbed = submit(MiniExperiment.longTraining());
        await(Duration.ofMinutes(15), () -> hasCheckpoint(disturbed));
        killChildren();
        assertThat(end(disturbed).summary().state()).isEqualTo(ExperimentState.SUCCEEDED);

        assertThat(training(disturbed).attempt()).isGreaterThan(1);
        assertThat(training(disturbed).id()).isNotEqualTo(training(undisturbed).id());
        assertThat(series(disturbed)).isEqualTo(series(undisturbed));
        assertThat(series(disturbed).get("loss"))
                .hasSize(MiniExperiment.LONG_TRAINING_STEPS)
                .containsKeys(1L, (long) MiniExperiment.LONG_TRAINING_STEPS);
        assertThat(training(disturbed).outputs())
                .isEqualTo(training(undisturbed).outputs());
    }

    private TaskView training(ExperimentId id) {
        return experiments.tasks(id).stream()
                .filter(task -> task.kind().equals("train"))
                .findFirst()
                .orElseThrow();
    }

    private boolean hasCheckpoint(ExperimentId id) {
        return experiments.runs(id).stream()
                .anyMatch(run -> !experiments.checkpoints(run.id()).isEmpty());
    }

    private static void killChildren() {
        List<ProcessHandle> children = ProcessHandle.current()
                .children()
                .filter(process -> process.info().commandLine().orElse("").contains(ChildMain.class.getName()))
                .toList();
        assertThat(children).isNotEmpty();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Every metric by name and step. */
    private Map<String, Map<Long, Double>> series(ExperimentId id) {
        Map<String, Map<Long, Double>> series = new TreeMap<>();
        RunView run = experiments.runs(id).stream()
                .filter(view -> view.arm().equals("sft"))
                .findFirst()
                .orElseThrow();
        for (MetricValue metric : experiments.metrics(run.id(), List.of())) {
            Double before = series.computeIfAbsent(metric.name(), name -> new TreeMap<>())
                    .put(metric.step(), metric.value());
            assertThat(before).as("double point").isNull();
        }
        return series;
    }
}
