package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.plan.TaskSpec.Generate;
import io.goodhart.domain.plan.TaskSpec.Train;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.MiniExperiment;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.scorer.Judges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Same task, same bytes, on the bundled models. */
class DeterminismIT {
    @TempDir
    private Path directory;

    private final TaskExecutors executors = new TaskExecutors(Judges.NONE);

    @BeforeEach
    void prepare() {
        ComputeThread.prepare(1);
    }

    @AfterEach
    void close() {
        executors.close();
    }

    private static <S extends TaskSpec> S any(Class<S> kind) {
        return MiniExperiment.plan().tasks().stream()
                .map(PlannedTask::spec)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private Path output(TaskSpec spec, String name) throws IOException {
        PlannedTask task = PlannedTask.of(spec, Map.of(), "task");
        LocalRunner runner = new LocalRunner(executors, Fixtures.root(), directory);
        runner.run(task);
        return runner.output(new OutputRef(task.key(), name));
    }

    private static Generate generate(PromptSlice prompts, Pooling pooling) {
        Generate any = any(Generate.class);
        TaskSpec.Capture capture = new TaskSpec.Capture(Site.RESID_POST, List.of(2), pooling);
        return new Generate(any.model(), prompts, 2, any.sampling(), any.seed(), capture);
    }

    @Test
    void shardsOfPromptsGiveTheSameResponsesAsAllAtOnce() throws Exception {
        PromptSlice all = any(Generate.class).prompts().part(0, 10);
        List<ResponseRow> whole = responses(generate(all, Pooling.MEAN));
        List<ResponseRow> parts = new ArrayList<>(responses(generate(all.part(0, 3), Pooling.MEAN)));
        parts.addAll(responses(generate(all.part(3, 7), Pooling.MEAN)));

        assertThat(whole).hasSize(20).isEqualTo(parts);
    }

    private List<ResponseRow> responses(Generate spec) throws IOException {
        return JsonLines.read(ResponseRow.class, output(spec, "responses"));
    }

    @Test
    void generatingTwiceGivesTheSameBytes() throws Exception {
        Generate spec = generate(any(Generate.class).prompts().part(0, 6), Pooling.MEAN);

        assertThat(output(spec, "responses")).hasSameBinaryContentAs(output(spec, "responses"));
        assertThat(output(spec, "activations")).hasSameBinaryContentAs(output(spec, "activations"));
    }

    @Test
    void meansWhileDecodingEqualThoseOfReadingAgain() throws Exception {
        PromptSlice prompts = any(Generate.class).prompts().part(0, 6);
        Generate spec = generate(prompts, Pooling.MEAN);
        float[] decoded =
                Activations.read(output(spec, "activations")).layer(2).rows().valuesND();
        List<ResponseRow> rows = responses(spec);
        float[] reread;
        try (ModelCache models = new ModelCache()) {
            LoadedModel model = models.decoder(Fixtures.root(), spec.model());
            HookPoint point = new HookPoint(Site.RESID_POST, 2);
            Stages stages = new TaskFiles(directory).context(spec).stages().plan("reading", "texts", rows.size(), 1);
            stages.start("reading");
            reread = new TextReader(model.decoder(), stages, new StopFlag())
                    .activations(rows.stream().map(Passage::ofResponse).toList(), List.of(point), Pooling.MEAN)
                    .values()
                    .iterator()
                    .next()
                    .rows()
                    .valuesND();
        }

        assertThat(reread).hasSameSizeAs(decoded);
        for (int i = 0; i < decoded.length; i++) {
            assertThat(reread[i]).isCloseTo(decoded[i], within(1e-3f));
        }
    }

    @Test
    void otherPoolingsReadTheResponsesAgain() throws Exception {
        PromptSlice prompts = any(Generate.class).prompts().part(0, 4);
        float[] last = Activations.read(output(generate(prompts, Pooling.LAST), "activations"))
                .layer(2)
                .rows()
                .valuesND();
        float[] max = Activations.read(output(generate(prompts, Pooling.MAX), "activations"))
                .layer(2)
                .rows()
                .valuesND();

        assertThat(last).hasSameSizeAs(max);
        for (int i = 0; i < last.length; i++) {
            assertThat(Float.isNaN(last[i]) || max[i] >= last[i]).isTrue();
        }
    }

    @Test
    void trainingTwiceGivesTheSameWeightsAndAnotherSeedGivesOthers() throws Exception {
        Train any = MiniExperiment.plan().tasks().stream()
                .map(PlannedTask::spec)
                .filter(spec -> spec instanceof Train train && train.objective() instanceof Objective.Sft)
                .map(Train.class::cast)
                .findFirst()
                .orElseThrow();
        Train other = new Train(any.model(), any.objective(), any.settings(), any.points(), any.seed() + 1, null);
        Train checkpointed = new Train(any.model(), any.objective(), any.settings(), any.points(), any.seed(), true);
        byte[] first = Files.readAllBytes(output(any, "weights.1"));

        assertThat(output(any, "weights.1")).hasBinaryContent(first);
        assertThat(output(checkpointed, "weights.1")).hasBinaryContent(first);
        assertThat(Arrays.equals(first, Files.readAllBytes(output(other, "weights.1"))))
                .isFalse();
    }
}
