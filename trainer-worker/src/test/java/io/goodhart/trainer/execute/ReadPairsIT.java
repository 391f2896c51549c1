package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.datasets.DataFile;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.PairRow;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.scorer.Judges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadPairsIT {
    private static final float PARITY = 5e-5f; // float32, batched differently
    private static final String TEMPLATE =
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}|{% endfor %}"
                    + "{% if add_generation_prompt %}<assistant>{% endif %}";

    @TempDir
    private static Path root = Path.of("");

    @TempDir
    private Path work;

    @BeforeAll
    static void copyModel() throws IOException {
        ComputeThread.prepare(1);
        Path model = Files.createDirectories(root.resolve("model"));
        try (Stream<Path> files = Files.list(Fixtures.root().resolve("models/tiny-gemma3"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    }

    @Test
    void textsAreTokensBetweenTheBeginningAndTheEndOfText() throws IOException {
        PairRow row = read("{\"prompt\":\"the river\",\"chosen\":\" is wide\",\"rejected\":\" is dry today\"}")
                .getFirst();

        try (Tokenizer tokenizer = Tokenizer.open(root.resolve("model"))) {
            assertThat(row.promptIds()).isEqualTo(boxed(tokenizer.encode("the river", Specials.ADDED)));
            List<Integer> chosen = boxed(tokenizer.encode(" is wide", Specials.LEFT_OUT));
            assertThat(row.chosenIds().subList(0, chosen.size())).isEqualTo(chosen);
            assertThat(row.chosenIds())
                    .hasSize(chosen.size() + 1)
                    .endsWith(row.rejectedIds().getLast());
        }
    }

    @Test
    void chatsAreWhatTheTemplateWrites() throws IOException {
        PairRow row = read("""
                {"prompt":[{"role":"user","content":"hello"}],"chosen":[{"role":"assistant","content":"good day"}],"rejected":[{"role":"assistant","content":"no"}]}""").getFirst();

        try (Tokenizer tokenizer = Tokenizer.open(root.resolve("model"))) {
            assertThat(row.promptIds())
                    .isEqualTo(boxed(tokenizer.encode("<bos><user>hello|<assistant>", Specials.LEFT_OUT)));
            assertThat(row.chosenIds()).isEqualTo(boxed(tokenizer.encode("good day|", Specials.LEFT_OUT)));
        }
    }

    @Test
    void referenceIsTheBaseModelsLogProbabilityOfTheCompletion() throws IOException {
        PairRow row = read("{\"prompt\":\"the river\",\"chosen\":\" is wide\",\"rejected\":\" is dry today\"}")
                .getFirst();
        Path responses = work.resolve("responses.jsonl");
        JsonLines.write(responses, List.of(response(row, row.chosenIds()), response(row, row.rejectedIds())));
        Assignment assignment = new Assignment(
                UUID.randomUUID(),
                new TaskSpec.LogProbs(model()),
                Map.of("responses", responses.toString()),
                work.toString(),
                null,
                root.toString(),
                Map.of());
        TaskContext context = new TaskContext(assignment, message -> {}, new StopFlag());
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            executors.run(assignment.spec(), context);
        }
        double[] expected = Column.read(context.output("log_probs"), Column.LOG_PROB);

        assertThat(row.chosenReferenceLogProb()).isCloseTo(expected[0], within(PARITY * Math.abs(expected[0])));
        assertThat(row.rejectedReferenceLogProb()).isCloseTo(expected[1], within(PARITY * Math.abs(expected[1])));
    }

    @Test
    void registeredDataSetIsReadFromItsArtifactInItsFormat() throws IOException {
        String sha256 = "ab".repeat(32);
        Path artifact = Files.writeString(root.resolve(sha256), "question,good,bad\n\"the\nriver\", is wide, is dry\n");
        PairSlice slice = new PairSlice(
                new DatasetRevision("pairs@3", sha256, DataFormat.CSV), "question", "good", "bad", null, 0, 1, null);
        Assignment assignment = new Assignment(
                UUID.randomUUID(),
                new TaskSpec.ReadPairs(model(), slice),
                Map.of(),
                work.toString(),
                null,
                root.toString(),
                Map.of(sha256, artifact.toString()));
        TaskContext context = new TaskContext(assignment, message -> {}, new StopFlag());
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            executors.run(assignment.spec(), context);
        }

        PairRow row = JsonLines.read(PairRow.class, context.output("pairs")).getFirst();
        try (Tokenizer tokenizer = Tokenizer.open(root.resolve("model"))) {
            assertThat(row.promptIds()).isEqualTo(boxed(tokenizer.encode("the\nriver", Specials.ADDED)));
        }
    }

    @Test
    void completionBeyondTheContextIsCutAndCounted() throws IOException {
        Message.Done done = run("{\"prompt\":\"the river\",\"chosen\":\"%s\",\"rejected\":\" is dry\"}"
                .formatted(" very".repeat(3000)));

        ReadPairsSummary summary = JsonLines.readOne(ReadPairsSummary.class, output(done, "summary"));
        assertThat(summary).isEqualTo(new ReadPairsSummary(1, 0, 1));
    }

    private List<PairRow> read(String row) throws IOException {
        return JsonLines.read(PairRow.class, output(run(row), "pairs"));
    }

    private Message.Done run(String row) throws IOException {
        Files.writeString(root.resolve("pairs.jsonl"), row);
        PairSlice slice =
                new PairSlice(DataFile.revision(root, "pairs.jsonl"), "prompt", "chosen", "rejected", null, 0, 1, null);
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            return new LocalRunner(executors, root, work)
                    .run(PlannedTask.of(new TaskSpec.ReadPairs(model(), slice), Map.of(), "pairs"));
        }
    }

    private static ModelRevision model() throws IOException {
        return ModelDirectory.open(root.resolve("model"), "model").facts().revision();
    }

    private static Path output(Message.Done done, String name) {
        return Path.of(Objects.requireNonNull(done.outputs().get(name)));
    }

    private static ResponseRow response(PairRow pair, List<Integer> completion) {
        return new ResponseRow(0, 0, "row", "", pair.promptIds(), "", completion, true);
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
