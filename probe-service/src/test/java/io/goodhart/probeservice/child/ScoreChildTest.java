package io.goodhart.probeservice.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.probeservice.child.ScoreChild.PromptedText;
import io.goodhart.probeservice.child.ScoreChild.Reading;
import io.goodhart.probeservice.child.ScoreChild.TextScores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreChildTest {
    private static final String SCORES =
            "\"items\": [{\"tokens\": 2, \"logits\": [1.5], \"tokenLogits\": [[1.0, 2.0]], \"starts\": [0, 3]}]";
    private static final Reading READING = new Reading(
            Path.of("/m"), "ab", Path.of("/p"), List.of(0), List.of(new PromptedText("", "words")), true, null);

    @Test
    void oneProcessAnswersManyQuestions() {
        try (ScoreChild child = FakeScoreChild.answering(SCORES)) {
            TextScores expected = new TextScores(2, List.of(1.5), List.of(List.of(1.0, 2.0)), List.of(0, 3));
            assertThat(child.read(READING)).containsExactly(expected);
            assertThat(child.read(READING)).containsExactly(expected);
        }
    }

    @Test
    void aProcessThatDiesIsStartedAgainWithTheNextQuestion(@TempDir Path directory) {
        String script = "read -r question; if [ -e %1$s ]; then echo '{\"id\": 2, %2$s}'; else touch %1$s; exit 9; fi"
                .formatted(directory.resolve("died"), SCORES);
        try (ScoreChild child = FakeScoreChild.running(script)) {
            assertThatExceptionOfType(ChildFailedException.class)
                    .isThrownBy(() -> child.read(READING))
                    .withMessageContaining("started again");
            assertThat(child.read(READING)).hasSize(1);
        }
    }

    @Test
    void aQuestionThatTakesTooLongEndsTheProcess() {
        try (ScoreChild child = FakeScoreChild.running("sleep 100", Duration.ofMillis(300))) {
            assertThatExceptionOfType(ChildFailedException.class)
                    .isThrownBy(() -> child.read(READING))
                    .withMessageContaining("longer than PT0.3S");
        }
    }

    @Test
    void anAnswerToAnotherQuestionIsNone() {
        try (ScoreChild child = FakeScoreChild.running("read -r question; echo '{\"id\": 7, \"items\": []}'")) {
            assertThatExceptionOfType(ChildFailedException.class).isThrownBy(() -> child.read(READING));
        }
    }

    @Test
    void theFaultOfATextIsTheCallers() {
        try (ScoreChild child = refusing("OF_TEXT")) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> child.read(READING))
                    .satisfies(e -> assertThat(e.problems())
                            .containsExactly(new Problem("text_too_long", "items[0].text", "too long")));
        }
    }

    @Test
    void theFaultOfAModelIsAConflict() {
        try (ScoreChild child = refusing("OF_MODEL")) {
            assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> child.read(READING));
        }
    }

    @Test
    void aFailureIsTheServices() {
        try (ScoreChild child = refusing("OF_FAILURE")) {
            assertThatExceptionOfType(ChildFailedException.class).isThrownBy(() -> child.read(READING));
        }
    }

    @Test
    void aClosedChildIsNotStarted() {
        ScoreChild child = FakeScoreChild.answering(SCORES);
        child.close();
        assertThatExceptionOfType(ChildFailedException.class).isThrownBy(() -> child.read(READING));
    }

    private static ScoreChild refusing(String because) {
        return FakeScoreChild.answering(
                "\"items\": [], \"refusal\": {\"because\": \"%s\", \"code\": \"text_too_long\", \"field\": \"items[0].text\", \"message\": \"too long\"}"
                        .formatted(because));
    }
}
