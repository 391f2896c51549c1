package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.domain.plan.TaskSpec.LogProbs;
import io.goodhart.domain.plan.TaskSpec.Selection;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestResponseTest {
    private static final Selection BY_SCORER =
            new Selection(ArmSpec.LabelBy.SCORER, 0, ArmSpec.Combine.MEAN, 0, List.of(1, 2, 3));

    @TempDir
    private Path directory;

    private List<BestResponse> select(Selection selection, List<ResponseRow> rows, double... scores) {
        return BestResponse.ofFirst(3, samples(selection, rows, scores));
    }

    private List<List<BestResponse>> samples(Selection selection, List<ResponseRow> rows, double... scores) {
        TaskFiles files = new TaskFiles(directory);
        JsonLines.write(files.input("best.responses.0"), rows.subList(0, 3));
        Column.write(files.input("best.scores.0"), Column.SCORE, Arrays.copyOf(scores, 3));
        JsonLines.write(files.input("best.responses.1"), rows.subList(3, rows.size()));
        Column.write(files.input("best.scores.1"), Column.SCORE, Arrays.copyOfRange(scores, 3, scores.length));
        return BestResponse.samples(selection, files.context(new LogProbs(TaskFiles.MODEL)));
    }

    private static final List<ResponseRow> ROWS = List.of(
            TaskFiles.response(4, 0),
            TaskFiles.response(4, 1),
            TaskFiles.empty(4, 2),
            TaskFiles.response(9, 0),
            TaskFiles.response(9, 1),
            TaskFiles.response(9, 2),
            TaskFiles.empty(2, 0),
            TaskFiles.empty(2, 1));

    @Test
    void lowestWithATokenStandsForItsPromptAndTheFirstOfEqualOnes() {
        assertThat(select(BY_SCORER, ROWS, 0.6, 0.4, 0.1, 0.7, 0.3, 0.3, 0.2, 0.1))
                .extracting(best -> best.row().promptIndex(), best -> best.row().sample(), BestResponse::score)
                .containsExactly(tuple(4, 1, 0.4), tuple(9, 1, 0.3), tuple(2, 0, 0.2));
    }

    @Test
    void worseOneWithATokenStandsForAPromptWhoseFirstHasNone() {
        List<ResponseRow> rows = List.of(
                TaskFiles.empty(4, 0), TaskFiles.response(4, 1), TaskFiles.empty(4, 2), TaskFiles.response(9, 0));

        assertThat(select(BY_SCORER, rows, 0.1, 0.9, 0.2, 0.5))
                .extracting(best -> best.row().sample())
                .containsExactly(1, 0);
    }

    @Test
    void fewerSamplesAreTheFirstOnesAndOneIsThePromptsFirst() {
        List<List<BestResponse>> samples = samples(BY_SCORER, ROWS, 0.6, 0.4, 0.1, 0.7, 0.5, 0.3, 0.2, 0.1);

        assertThat(BestResponse.ofFirst(1, samples))
                .extracting(BestResponse::score)
                .containsExactly(0.6, 0.7, 0.2);
        assertThat(BestResponse.ofFirst(2, samples))
                .extracting(BestResponse::score)
                .containsExactly(0.4, 0.5, 0.2);
        assertThat(BestResponse.ofFirst(3, samples))
                .extracting(BestResponse::score)
                .containsExactly(0.4, 0.3, 0.2);
    }

    @Test
    void drawnChoiceDoesNotLookAtScores() {
        Selection drawn = new Selection(ArmSpec.LabelBy.RANDOM, 0, ArmSpec.Combine.MEAN, 11, List.of(1, 2, 3));
        assertThat(select(drawn, ROWS, 0.6, 0.4, 0.1, 0.7, 0.3, 0.3, 0.2, 0.1))
                .extracting(best -> best.row().sample())
                .isEqualTo(select(drawn, ROWS, 0, 0, 0, 0, 0, 0, 0, 0).stream()
                        .map(best -> best.row().sample())
                        .toList());
    }

    @Test
    void scoreThatIsNotANumberIsRefused() {
        assertThatThrownBy(() -> select(BY_SCORER, ROWS, 0.6, Double.NaN, 0.1, 0.7, 0.3, 0.3, 0.2, 0.1))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("label of response 1");
    }
}
