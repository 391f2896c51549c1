package io.goodhart.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void lineTellsShareTasksTimeGoneTimeLeftAndWhatRuns() {
        String line = Display.render(
                new Progress(
                        3,
                        12,
                        0.25,
                        Duration.ofSeconds(67),
                        Optional.of(Duration.ofSeconds(200)),
                        List.of("train a", "b")),
                200);
        assertThat(line)
                .startsWith("██████··················")
                .contains("25 %", "3/12 tasks", "1:07 gone", "about 3:20 left", "train a | b");
    }

    @Test
    void lineNeverExceedsTheTerminal() {
        String line = Display.render(
                new Progress(
                        0, 1, 0, Duration.ZERO, Optional.empty(), List.of("a very long label of a task ".repeat(9))),
                60);
        assertThat(line).hasSize(60).endsWith("…");
    }

    @Test
    void liveDisplayDrawsOverItsLineAndSaysThingsAboveIt() {
        Display display = new Display(out, true, 80);
        display.show(progress());
        display.show(progress());
        display.say("done");
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("\n")
                .endsWith("\r\u001b[2Kdone\n");
    }

    @Test
    void outputThatIsNoTerminalGetsALineNowAndThenWithoutControlCharacters() {
        Display display = new Display(out, false, 80);
        display.show(progress());
        display.show(progress());
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("\n")
                .doesNotContain("\u001b");
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void waitingIsShownUntilTheAnswerIsThere() {
        Display display = new Display(out, true, 80);
        String answer = display.await("Reading", () -> {
            while (!bytes.toString(StandardCharsets.UTF_8).contains("Reading, 0:0")) {
                Thread.onSpinWait();
            }
            return "read";
        });
        assertThat(answer).isEqualTo("read");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith(" gone\r\u001b[2K");
    }

    @Test
    void quickAnswerIsNotWaitedFor() {
        assertThat(new Display(out, true, 80).await("Reading", () -> 1)).isEqualTo(1);
        assertThat(bytes.size()).isZero();
    }

    private static Progress progress() {
        return new Progress(1, 2, 0.5, Duration.ofSeconds(1), Optional.empty(), List.of());
    }
}
