package io.goodhart.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.standalone.server.LocalServer;
import io.goodhart.standalone.server.ServerSettings;
import io.goodhart.standalone.terminal.Display;
import io.goodhart.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All services in one process, and two commands over one data directory. */
@Timeout(300)
class SharedDataIT {
    @TempDir
    private Path data;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Display display = new Display(new PrintStream(said, true, StandardCharsets.UTF_8), false, 100);

    @Test
    void documentHasTheScoresOfTheProbeServiceToo() throws Exception {
        try (LocalServer server = new LocalServer(new ServerSettings(0, data, Fixtures.root(), 0, 1));
                HttpClient http = HttpClient.newHttpClient()) {
            URI document = server.start().resolve("/v3/api-docs");
            String text = http.send(HttpRequest.newBuilder(document).build(), BodyHandlers.ofString())
                    .body();
            assertThat(text)
                    .contains(
                            "\"/v1/score\"",
                            "\"ScoreRequest\"",
                            "\"ScoreResponse\"",
                            "\"per_token\"",
                            "\"/v1/experiments\"");
        }
    }

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
