package io.goodhart.trainer.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.StoppedException;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.trainer.child.TestStages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgesTest {
    private static final Scorer.Judge LENGTH = new Scorer.Judge("length", "1");
    private final StopFlag stop = new StopFlag();

    @TempDir
    Path directory;

    private FakeJudge judge;

    @BeforeEach
    void start() throws IOException {
        judge = new FakeJudge();
    }

    @AfterEach
    void end() {
        judge.close();
    }

    private double[] score(String... texts) {
        Judges judges = new Judges(directory.toString(), Map.of("length", judge.settings(3)));
        return judges.score(LENGTH, List.of(texts), TestStages.of("scoring", texts.length), stop);
    }

    @Test
    void asksInBatchesAndForEqualTextsOnce() {
        assertThat(score("a", "bb", "a", "ccc")).containsExactly(0.01, 0.02, 0.01, 0.03);
        assertThat(judge.questions).containsExactly(List.of("a", "bb"), List.of("ccc"));
        assertThat(judge.tokens).containsOnly("Bearer secret");
    }

    @Test
    void keepsWhatItWasToldUnderTheVersion() throws IOException {
        score("a", "bb");
        score("bb", "a", "ccc");
        assertThat(judge.questions).containsExactly(List.of("a", "bb"), List.of("ccc"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(JudgesTest::read).toList())
                    .singleElement()
                    .asString()
                    .doesNotContain("ccc");
        }
    }

    @Test
    void skipsATornLine() throws IOException {
        score("a");
        try (Stream<Path> files = Files.list(directory)) {
            Path file = files.findFirst().orElseThrow();
            String line = Files.readString(file);
            Files.writeString(file, line.substring(0, line.length() - 3), StandardOpenOption.TRUNCATE_EXISTING);
        }
        assertThat(score("a")).containsExactly(0.01); // appended to the torn line
        assertThat(judge.questions).hasSize(2);
        assertThat(score("a")).containsExactly(0.01);
        assertThat(score("a")).containsExactly(0.01);
        assertThat(judge.questions).hasSize(3);
    }

    @Test
    void asksAgainWhenTheJudgeIsBusyOrBroken() {
        judge.next(503, "").busyFor("0");
        assertThat(score("a")).containsExactly(0.01);
        assertThat(judge.questions).hasSize(3);
    }

    @Test
    void givesUpAfterTheLastAttemptAndSaysWho() {
        judge.next(500, "").next(500, "").next(500, "");
        assertFails(FailureCode.UNREACHABLE, "Judge length at 127.0.0.1 answers 500 after 3 attempts");
    }

    @Test
    void isUnreachableWhenNobodyListens() {
        judge.close();
        assertFails(FailureCode.UNREACHABLE, "does not answer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "{\"scores\": []}",
                "{\"scores\": [0.1, 0.2]}",
                "{\"scores\": [1.5]}",
                "{\"scores\": [null]}",
                "{\"scores\": [\"NaN\"]}",
                "{\"score\": [0.5]}"
            })
    void refusesAnAnswerThatIsNone(String body) {
        judge.next(200, body);
        assertFails(FailureCode.INVALID_INPUT, "Judge length");
        assertThat(judge.questions).hasSize(1);
    }

    @Test
    void answerThatBeginsAndStallsIsLate() {
        judge.stalling();
        Judges judges = new Judges(directory.toString(), Map.of("length", judge.settings(1, Duration.ofMillis(300))));
        assertThatThrownBy(() -> judges.score(LENGTH, List.of("a"), TestStages.of("scoring", 1), stop))
                .isInstanceOfSatisfying(
                        TaskFailedException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.UNREACHABLE))
                .hasMessageContaining("no whole answer in 300 ms");
    }

    @Test
    void answerWithoutEndIsNotReadToItsEnd() {
        for (int attempt = 0; attempt < 3; attempt++) {
            judge.next(200, " ".repeat((16 << 20) + 1));
        }
        assertFails(FailureCode.UNREACHABLE, "body exceeds capacity");
    }

    @Test
    void refusesAtOnceWhatAskingAgainCannotMend() {
        judge.next(401, "");
        assertFails(FailureCode.INVALID_INPUT, "answers 401: check goodhart.judges.*.token");
        assertThat(judge.questions).hasSize(1);
    }

    @Test
    void refusesAnotherVersionThanThePlanned() {
        Judges judges = new Judges(directory.toString(), Map.of("length", judge.settings(1)));
        assertThatThrownBy(() ->
                        judges.score(new Scorer.Judge("length", "2"), List.of("a"), TestStages.of("scoring", 1), stop))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("no judge length of version 2");
    }

    @Test
    void stopsBetweenBatches() {
        stop.raise(false);
        assertThatThrownBy(() -> score("a")).isInstanceOf(StoppedException.class);
    }

    @Test
    void travelsThroughTheEnvironmentButNotIntoLogs() {
        Judges judges = new Judges("kept", Map.of("length", judge.settings(3)));
        String json = judges.environment().get(Judges.VARIABLE);
        assertThat(GoodhartJson.read(Judges.class, json)).isEqualTo(judges);
        assertThat(judges.toString()).doesNotContain("secret");
    }

    private void assertFails(FailureCode code, String message) {
        assertThatThrownBy(() -> score("a"))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((TaskFailedException) e).code())
                .isEqualTo(code);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
