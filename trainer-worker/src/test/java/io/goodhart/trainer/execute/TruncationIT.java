package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskSpec.Train;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.MiniExperiment;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.TrainingSummary;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.scorer.Judges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut in training is said. */
class TruncationIT {
    @TempDir
    private Path directory;

    @Test
    void cutTextsAreAWarningAndWholeOnesAreNone() throws IOException {
        ComputeThread.prepare(1);
        assertThat(warnings(6)).singleElement().asString().contains("longer than 6 tokens");
        assertThat(warnings(0)).isEmpty();
    }

    @Test
    void numberOfCutTextsIsInTheSummary() throws IOException {
        ComputeThread.prepare(1);
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            LocalRunner runner = new LocalRunner(executors, Fixtures.root(), directory);
            Map<String, String> outputs =
                    runner.run(PlannedTask.of(train(6), Map.of(), "train")).outputs();
            TrainingSummary summary =
                    JsonLines.readOne(TrainingSummary.class, Path.of(Objects.requireNonNull(outputs.get("summary"))));
            assertThat(summary.metrics()).containsEntry(TrainingSummary.TRUNCATED, (double) summary.rows());
        }
    }

    private List<String> warnings(int maxLength) throws IOException {
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            LocalRunner runner = new LocalRunner(executors, Fixtures.root(), directory);
            runner.run(PlannedTask.of(train(maxLength), Map.of(), "train"));
            return runner.messages().stream()
                    .filter(message -> message instanceof Message.Noted noted
                            && noted.event().equals("truncated"))
                    .map(message -> ((Message.Noted) message).message())
                    .toList();
        }
    }

    private static Train train(int maxLength) {
        Train any = MiniExperiment.plan().tasks().stream()
                .map(PlannedTask::spec)
                .filter(spec -> spec instanceof Train train && train.objective() instanceof Objective.Sft)
                .map(Train.class::cast)
                .findFirst()
                .orElseThrow();
        TrainingSpec asked = new TrainingSpec(
                TrainingMode.LORA,
                null,
                null,
                null,
                null,
                null,
                null,
                1e-4,
                null,
                null,
                null,
                1,
                8,
                null,
                null,
                null,
                maxLength,
                null,
                null);
        return new Train(any.model(), any.objective(), TrainingSettings.of(asked), 2, any.seed(), null);
    }
}
