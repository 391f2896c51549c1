package io.goodhart.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.standalone.server.ServerSettings;
import io.goodhart.standalone.terminal.Display;
import io.goodhart.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two commands over one data directory. */
@Timeout(300)
class SharedDataIT {
    @TempDir
    private Path data;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Display display = new Display(new PrintStream(said, true, StandardCharsets.UTF_8), false, 100);

    @Test
    void secondCommandUsesTheServerOfTheFirstAndDoesNotStopIt() {
        ServerSettings settings = new ServerSettings(0, data, Fixtures.root(), 0, 1);
        try (Session serve = Session.start(settings, display)) {
            try (Session demo = Session.join(settings, display)) {
                assertThat(serve.isOwn()).isTrue();
                assertThat(demo.isOwn()).isFalse();
                assertThat(demo.client().isUp()).isTrue();
            }
            assertThatThrownBy(() -> Session.start(settings, display))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContainingAll(data.toString(), "http://127.0.0.1:", "--data");
            assertThat(serve.client().isUp()).isTrue();
        }
        try (Session next = Session.start(settings, display)) {
            assertThat(next.client().isUp()).isTrue();
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("using it");
    }
}
