package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.domain.plan.TaskSpec.BuildPairs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.PairRow;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildPairsExecutorTest {
    @TempDir
    private Path directory;

    private static BuildPairs spec(ArmSpec.LabelBy labelBy, double margin) {
        return spec(labelBy, margin, PairSpec.Ties.DROP);
    }

    private static BuildPairs spec(ArmSpec.LabelBy labelBy, double margin, PairSpec.Ties ties) {
        return new BuildPairs(labelBy, 0, ArmSpec.Combine.MEAN, ties, margin, 0.5, 9);
    }

    private static ResponseRow row(int prompt, int sample, int token) {
        return new ResponseRow(prompt, sample, "row", "p", List.of(2), "r", List.of(token, 1), true);
    }

    private TaskFiles shard(List<ResponseRow> rows, double[] scores) {
        TaskFiles files = new TaskFiles(directory);
        files.responses(0, rows, scores, new float[rows.size()]);
        double[] logProbs = new double[rows.size()];
        for (int n = 0; n < logProbs.length; n++) {
            logProbs[n] = -n;
        }
        Column.write(files.input("log_probs.0"), Column.LOG_PROB, logProbs);
        return files;
    }

    private static TaskContext build(TaskFiles files, BuildPairs spec) {
        TaskContext context = files.context(spec);
        new BuildPairsExecutor().execute(spec, context);
        return context;
    }

    private static PairSummary summary(TaskContext context) {
        return JsonLines.readOne(PairSummary.class, context.output("summary"));
    }

    @Test
    void lowestScoreIsChosenAndHighestRejected() {
        TaskFiles files = shard(List.of(row(4, 0, 10), row(4, 1, 11), row(4, 2, 12)), new double[] {0.6, 0.2, 0.9});
        TaskContext context = build(files, spec(ArmSpec.LabelBy.SCORER, 0));

        assertThat(JsonLines.read(PairRow.class, context.output("pairs")))
                .containsExactly(new PairRow(4, List.of(2), List.of(11, 1), List.of(12, 1), 0.2, 0.9, -1, -2));
        assertThat(summary(context))
                .isEqualTo(new PairSummary(1, 3, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0.5, 1.0, 0.0, 1.0, 1.0));
    }

    @Test
    void whatGivesNoPairIsCounted() {
        TaskFiles files = shard(
                List.of(
                        row(0, 0, 10),
                        row(0, 1, 11),
                        TaskFiles.empty(1, 0),
                        row(1, 1, 12),
                        row(2, 0, 13),
                        row(2, 1, 14),
                        row(3, 0, 15),
                        row(3, 1, 16)),
                new double[] {0.4, 0.4, 0.1, 0.2, 0.3, 0.35, 0.1, 0.8});
        TaskContext context = build(files, spec(ArmSpec.LabelBy.SCORER, 0.1));

        assertThat(summary(context))
                .isEqualTo(new PairSummary(4, 8, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0.5, 1.0, 0.0, 1.0, 1.0));
    }

    @Test
    void randomLabelsDependOnTheSeedNotOnTheScores() {
        List<ResponseRow> rows = List.of(row(0, 0, 10), row(0, 1, 11), row(1, 0, 12), row(1, 1, 13));
        List<PairRow> first = JsonLines.read(
                PairRow.class,
                build(shard(rows, new double[] {0, 0, 0, 0}), spec(ArmSpec.LabelBy.RANDOM, 0))
                        .output("pairs"));
        List<PairRow> second = JsonLines.read(
                PairRow.class,
                build(shard(rows, new double[] {1, 0, 1, 0}), spec(ArmSpec.LabelBy.RANDOM, 0))
                        .output("pairs"));

        assertThat(first).hasSize(2).isEqualTo(second);
    }

    @Test
    void equalScoresGiveAPairIfAskedButEqualResponsesNever() {
        List<ResponseRow> rows = List.of(row(0, 0, 10), row(0, 1, 11), row(1, 0, 12), row(1, 1, 12));
        double[] scores = {0.6, 0.6, 0.7, 0.7};
        TaskFiles files = shard(rows, scores);
        TaskContext context = build(files, spec(ArmSpec.LabelBy.SCORER, 0, PairSpec.Ties.FIRST));

        assertThat(JsonLines.read(PairRow.class, context.output("pairs")))
                .extracting(PairRow::chosenIds, PairRow::rejectedIds)
                .containsExactly(tuple(List.of(10, 1), List.of(11, 1)));
        PairSummary summary = summary(context);
        assertThat(summary.droppedIdentical()).isEqualTo(1);
        assertThat(summary.detectorTpr()).isEqualTo(1);
        assertThat(summary.detectorFpr()).isNull();
        assertThat(summary.detectorAuroc()).isNull();
        assertThat(summary.orderAgreement()).isNull();
        assertThat(files.events()).containsExactly("one_class");
    }

    @Test
    void tiesAtRandomDependOnTheSeedAndThePromptOnly() {
        List<ResponseRow> rows = IntStream.range(0, 60)
                .mapToObj(n -> row(n / 3, n % 3, 10 + n % 3))
                .toList();
        BuildPairs spec = spec(ArmSpec.LabelBy.SCORER, 0, PairSpec.Ties.RANDOM);
        List<PairRow> first = JsonLines.read(
                PairRow.class, build(shard(rows, new double[60]), spec).output("pairs"));
        List<PairRow> second = JsonLines.read(
                PairRow.class, build(shard(rows, new double[60]), spec).output("pairs"));

        assertThat(first).hasSize(20).isEqualTo(second);
        assertThat(first.stream().map(PairRow::chosenIds).distinct()).hasSize(3);
    }

    @Test
    void noPairLeftIsAFailureOfItsOwn() {
        TaskFiles files = shard(List.of(row(0, 0, 10), row(0, 1, 11)), new double[] {0.4, 0.4});

        assertThatThrownBy(() -> build(files, spec(ArmSpec.LabelBy.SCORER, 0)))
                .isInstanceOfSatisfying(
                        TaskFailedException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NO_PAIRS))
                .hasMessageContaining("No pair is left")
                .hasMessageContaining("1 tied");
    }
}
