package io.goodhart.tuning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.model.TinyModel;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingLoopTest {
    private static final int ROWS = 13;

    @TempDir
    private Path directory;

    static List<TrainingTask> tasks() {
        return TinyRuns.tasks(ROWS);
    }

    /** The value of a loss on own responses is not what its gradient is of: {@link GroupWorkTest} has that. */
    static Stream<TrainingTask> tasksOnData() {
        return tasks().stream().filter(task -> !(task instanceof TrainingTask.Grpo));
    }

    static Stream<Arguments> tasksAndKills() {
        return tasks().stream().flatMap(task -> Stream.of(1, 5, 9).map(step -> Arguments.of(task, step)));
    }

    @ParameterizedTest
    @MethodSource("tasksAndKills")
    void aKilledTrainingContinuesBitByBit(TrainingTask task, int killedAfter) throws IOException {
        Recorder uninterrupted = new Recorder();
        Recorder killed = new Recorder(killedAfter);
        Recorder resumed = new Recorder();
        try (TinyModel straight = new TinyModel(TinyRuns.VOCABULARY, 1);
                TinyModel broken = new TinyModel(TinyRuns.VOCABULARY, 1);
                TinyModel continued = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            moveAwayFromReference(continued);
            run(setup(straight, task), uninterrupted);
            Checkpointing checkpointing = Checkpointing.into(directory, 1);
            assertThatThrownBy(() -> run(setup(broken, task).with(checkpointing), killed))
                    .isInstanceOf(Recorder.Killed.class);
            Path checkpoint = killed.checkpoints.get(killedAfter);
            assertThat(checkpoint).isNotNull();
            run(setup(continued, task).with(checkpointing.from(checkpoint)), resumed);
            killed.steps.keySet().removeIf(step -> step > killedAfter);
            killed.steps.putAll(resumed.steps);
            assertThat(resumed.steps).hasSize(10 - killedAfter);
            assertThat(killed.steps).isEqualTo(uninterrupted.steps);
            assertSame(continued, straight);
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void theSameSetupGivesTheSameNumbers(TrainingTask task) throws IOException {
        Recorder first = new Recorder();
        Recorder second = new Recorder();
        try (TinyModel one = new TinyModel(TinyRuns.VOCABULARY, 1);
                TinyModel two = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(setup(one, task), first);
            run(setup(two, task), second);
            assertThat(second.steps).isEqualTo(first.steps);
            assertSame(two, one);
        }
    }

    @ParameterizedTest
    @MethodSource("tasksOnData")
    void trainingLowersTheLoss(TrainingTask task) throws IOException {
        Recorder recorder = new Recorder();
        BatchPlan plan = BatchPlan.ofEpochs(ROWS, ROWS, 1, 30, new DataOrder.FileOrder());
        Optimization optimization = new Optimization(
                OptimizerRule.AdamW.standard(), 0.02, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(TrainingSetup.of(model, task, plan, optimization), recorder);
        }
        assertThat(recorder.steps.get(30).get("loss"))
                .isLessThan(0.85 * recorder.steps.get(1).get("loss"));
    }

    @ParameterizedTest
    @MethodSource("tasksOnData")
    void gradientsOfAStepAreThoseOfTheLoss(TrainingTask task) throws IOException {
        Recorder recorder = new Recorder();
        BatchPlan plan = new BatchPlan(ROWS, ROWS, 1, 1, new DataOrder.FileOrder());
        double step = 1e-3;
        Optimization descent =
                new Optimization(OptimizerRule.AdamW.standard(), 0, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            moveAwayFromReference(model);
            TrainingSetup setup = TrainingSetup.of(model, task, plan, descent);
            run(setup, recorder);
            try (Scope _ = Scope.open()) {
                Tensor bias = model.parameters().get("bias");
                double[] gradient = bias.gradient().toDoubles();
                float[] values = bias.toFloats();
                for (int i = 0; i < values.length; i++) {
                    double up = lossWith(setup, bias, moved(values, i, step));
                    double down = lossWith(setup, bias, moved(values, i, -step));
                    assertThat((up - down) / (2 * step)).isCloseTo(gradient[i], within(2e-4));
                }
            }
        }
    }

    static Stream<TrainingTask> textTasks() {
        return tasks().stream().filter(task -> !(task instanceof TrainingTask.Preferences));
    }

    @ParameterizedTest
    @MethodSource("textTasks")
    void accumulationDoesNotChangeAStepOnTexts(TrainingTask task) throws IOException {
        Recorder whole = new Recorder();
        Recorder parts = new Recorder();
        DataOrder order = new DataOrder.FileOrder();
        try (TinyModel one = new TinyModel(TinyRuns.VOCABULARY, 1);
                TinyModel two = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(TrainingSetup.of(one, task, new BatchPlan(ROWS, ROWS, 1, 3, order), TinyRuns.ADAM_W), whole);
            run(TrainingSetup.of(two, task, new BatchPlan(ROWS, 2, 7, 3, order), TinyRuns.ADAM_W), parts);
        }
        for (String name : List.of("loss", "grad_norm", "num_tokens", "learning_rate", "epoch")) {
            assertThat(parts.steps.get(3).get(name))
                    .isCloseTo(whole.steps.get(3).get(name), within(2e-6));
        }
    }

    @Test
    void knownReferenceScoresGiveTheNumbersOfTheModelsOwnReference() throws IOException {
        Recorder live = new Recorder();
        Recorder known = new Recorder();
        try (TinyModel one = new TinyModel(TinyRuns.VOCABULARY, 1);
                TinyModel two = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(setup(one, TinyRuns.dpo(ROWS)), live);
            TrainingTask task = new TrainingTask.Preferences(
                    TinyRuns.pairs(ROWS),
                    PairLoss.of(DpoObjective.sigmoid(0.3)),
                    Optional.of(ReferenceScores.of(two, TinyRuns.pairs(ROWS), 5, _ -> {})));
            run(setup(two, task), known);
        }
        assertThat(known.steps.get(10).get("loss")).isCloseTo(live.steps.get(10).get("loss"), within(1e-5));
    }

    @Test
    void aCancelledTrainingStopsBetweenStepsAndLeavesACheckpoint() throws IOException {
        Recorder recorder = new Recorder();
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            TrainingResult result = run(
                    setup(model, TinyRuns.dpo(ROWS))
                            .with(Checkpointing.into(directory, 100))
                            .withCancel(() -> recorder.steps.size() == 4),
                    recorder);
            assertThat(result).isEqualTo(new TrainingResult.Cancelled(4, Optional.of(recorder.checkpoints.get(4))));
        }
    }

    @Test
    void aLossThatIsNotANumberEndsTheTrainingAndAppliesNothing() throws IOException {
        Recorder recorder = new Recorder();
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            try (Scope _ = Scope.open()) {
                model.parameters().get("bias").copyFrom(Tensors.full(DataType.FLOAT32, Double.NaN, 6));
            }
            float[] before = model.values().get("embedding");
            TrainingResult result = run(setup(model, TinyRuns.sft(ROWS)), recorder);
            assertThat(result).isInstanceOfSatisfying(TrainingResult.Diverged.class, diverged -> {
                assertThat(diverged.steps()).isZero();
                assertThat(diverged.loss()).isNaN();
            });
            assertThat(recorder.steps).isEmpty();
            assertThat(model.values().get("embedding")).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 7", "10, 1"})
    void anUpdateThatMakesWeightsInfiniteIsSeenAtTheLastStepAndBeforeASnapshot(int totalSteps, int snapshot)
            throws IOException {
        Recorder recorder = new Recorder();
        Optimization explosive = new Optimization(
                OptimizerRule.AdamW.standard(), 1e300, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        BatchPlan plan = new BatchPlan(ROWS, 2, 2, totalSteps, new DataOrder.Shuffled(21));
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            TrainingSetup setup = TrainingSetup.of(model, TinyRuns.sft(ROWS), plan, explosive);
            TrainingResult result = run(setup.withSnapshots(Set.of(snapshot)), recorder);
            assertThat(result).isInstanceOfSatisfying(TrainingResult.Diverged.class, diverged -> {
                assertThat(diverged.steps()).isZero();
                assertThat(Double.isFinite(diverged.loss())).isTrue();
                assertThat(Double.isFinite(diverged.gradientNorm())).isTrue();
                assertThat(Double.isFinite(diverged.weightNorm())).isFalse();
            });
            assertThat(recorder.snapshots).isEmpty();
            assertThat(recorder.steps).isEmpty();
        }
    }

    @Test
    void referenceScoresTellHowManyPairsAreDoneAndEndWhenAsked() {
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            List<Integer> scored = new ArrayList<>();
            assertThat(ReferenceScores.of(model, TinyRuns.pairs(ROWS), 5, scored::add))
                    .hasSize(ROWS);
            assertThat(scored).containsExactly(0, 5, 10);
            assertThatThrownBy(() -> ReferenceScores.of(model, TinyRuns.pairs(ROWS), 5, done -> {
                        if (done == 5) {
                            throw new CancellationException();
                        }
                    }))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void snapshotsComeAtTheStepsAskedFor() throws IOException {
        Recorder recorder = new Recorder();
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(setup(model, TinyRuns.sft(ROWS)).withSnapshots(Set.of(0, 3, 10)), recorder);
        }
        assertThat(recorder.snapshots).containsExactly(0, 3, 10);
    }

    @Test
    void theRemainingTimeFollowsFromTheMeanOfTheStepsDone() throws IOException {
        Recorder recorder = new Recorder();
        AtomicLong nanos = new AtomicLong();
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1);
                Scope _ = Scope.open()) {
            TrainingListener slow = new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                    nanos.addAndGet(2_000_000_000L);
                }

                @Override
                public void onProgress(Progress now) {
                    recorder.onProgress(now);
                }
            };
            new TrainingLoop(nanos::get).run(setup(model, TinyRuns.sft(ROWS)), slow);
        }
        assertThat(recorder.progress.get(3))
                .isEqualTo(new Progress(4, 10, Duration.ofSeconds(8), Duration.ofSeconds(12)));
    }

    @Test
    void aCheckpointOfAnotherTrainingIsRefused() throws IOException {
        Recorder recorder = new Recorder();
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(setup(model, TinyRuns.sft(ROWS)).with(Checkpointing.into(directory, 4)), recorder);
            Checkpointing resume = Checkpointing.none().from(recorder.checkpoints.get(4));
            assertThatThrownBy(() -> run(setup(model, TinyRuns.dpo(ROWS)).with(resume), recorder))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("other data or settings");
        }
    }

    @Test
    void onlyTheNewestTwoCheckpointsAreKept() throws IOException {
        Recorder recorder = new Recorder();
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(setup(model, TinyRuns.sft(ROWS)).with(Checkpointing.into(directory, 2)), recorder);
        }
        assertThat(recorder.checkpoints.keySet()).containsExactly(2, 4, 6, 8);
        assertThat(directory.toFile().list())
                .containsExactlyInAnyOrder("checkpoint-6.safetensors", "checkpoint-8.safetensors");
    }

    @Test
    void fiveHundredStepsKeepTheNumberOfTensorsFlat() throws IOException {
        AtomicLong at100 = new AtomicLong();
        AtomicLong at500 = new AtomicLong();
        Map<Integer, AtomicLong> counts = Map.of(100, at100, 500, at500);
        BatchPlan plan = new BatchPlan(ROWS, 2, 2, 500, new DataOrder.Shuffled(1));
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            run(TrainingSetup.of(model, TinyRuns.dpoWithKl(ROWS), plan, TinyRuns.ADAM_W), new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                    AtomicLong count = counts.get(metrics.step());
                    if (count != null) {
                        count.set(Scope.liveHandles());
                    }
                }
            });
        }
        assertThat(at500.get()).isEqualTo(at100.get());
    }

    private static TrainingSetup setup(TinyModel model, TrainingTask task) {
        return TrainingSetup.of(model, task, TinyRuns.plan(ROWS), TinyRuns.ADAM_W);
    }

    private static TrainingResult run(TrainingSetup setup, TrainingListener listener) throws IOException {
        assertThat(Autograd.isRecording()).isFalse();
        return new TrainingLoop().run(setup, listener);
    }

    private static void assertSame(TinyModel actual, TinyModel expected) {
        actual.values()
                .forEach((name, values) ->
                        assertThat(values).as(name).isEqualTo(expected.values().get(name)));
    }

    private static float[] moved(float[] values, int index, double by) {
        float[] result = values.clone();
        result[index] += (float) by;
        return result;
    }

    private static double lossWith(TrainingSetup setup, Tensor parameter, float[] values) throws IOException {
        Recorder recorder = new Recorder();
        parameter.copyFrom(Tensors.of(values, values.length));
        run(setup, recorder);
        return recorder.steps.get(1).get("loss");
    }

    private static void moveAwayFromReference(TinyModel model) {
        try (Scope _ = Scope.open()) {
            Tensor weight = model.parameters().get("weight");
            weight.copyFrom(weight.detached().scaled(1.5));
        }
    }
}
