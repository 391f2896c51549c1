package io.goodhart.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the commands that say a priority send. */
class PriorityCommandTest {
    private static final String DEMO =
            Fixtures.root().resolve("experiments/demo.yaml").toString();

    private final List<String> sent = new ArrayList<>();
    private final StringWriter said = new StringWriter();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/actuator/health/liveness", exchange -> answer(exchange, 200, "{}"));
        server.createContext("/v1/experiments", this::experiments);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void experiments(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean patch = exchange.getRequestMethod().equals("PATCH");
        String type = exchange.getRequestHeaders().getFirst("content-type");
        sent.add("%s %s %s"
                .formatted(exchange.getRequestMethod(), exchange.getRequestURI(), patch ? type + body : type));
        if (body.equals("{\"priority\":11}")) {
            answer(exchange, 422, "{\"detail\": \"Need -10 to 10, got 11\"}");
            return;
        }
        answer(exchange, 200, "{\"id\": \"42\", \"name\": \"mine\", \"priority\": 3}");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void experimentIsSubmittedWithItsPriority() {
        assertThat(execute("run", DEMO, "--priority", "-5")).isZero();
        assertThat(execute("run", DEMO)).isZero();
        assertThat(sent)
                .containsExactly(
                        "POST /v1/experiments?priority=-5 application/yaml",
                        "POST /v1/experiments?priority=0 application/yaml");
    }

    @Test
    void priorityIsChanged() {
        assertThat(execute("priority", "42", "3")).isZero();
        assertThat(execute("priority", "42", "-3")).isZero();
        assertThat(sent)
                .containsExactly(
                        "PATCH /v1/experiments/42 application/merge-patch+json{\"priority\":3}",
                        "PATCH /v1/experiments/42 application/merge-patch+json{\"priority\":-3}");
    }

    @Test
    void whatIsNoPriorityIsRefused() {
        assertThat(execute("priority", "42", "urgent")).isEqualTo(2);
        assertThat(execute("run", DEMO, "--priority", "1.5")).isEqualTo(2);
        assertThat(sent).isEmpty();
        assertThat(execute("priority", "42", "11")).isEqualTo(2);
        assertThat(said.toString()).contains("Need -10 to 10, got 11");
    }

    private int execute(String... arguments) {
        CommandLine line = Goodhart.commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server");
        all.add("http://127.0.0.1:" + server.getAddress().getPort());
        return line.execute(all.toArray(String[]::new));
    }
}
