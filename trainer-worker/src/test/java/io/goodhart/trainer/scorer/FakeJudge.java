package io.goodhart.trainer.scorer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.goodhart.db.codec.GoodhartJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A judge on a free port of this machine. A text's score is its length / 100, unless an answer was prepared. */
final class FakeJudge implements AutoCloseable {
    private static final String STALLED = "{\"scores\":";

    private final HttpServer server;
    private final Queue<Answer> prepared = new ArrayDeque<>();
    final List<List<String>> questions = new ArrayList<>();
    final List<@Nullable String> tokens = new ArrayList<>();

    /** @param retryAfter seconds, or null */
    record Answer(int status, String body, @Nullable String retryAfter) {}

    FakeJudge() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/judge", this::answer);
        server.start();
    }

    synchronized FakeJudge next(int status, String body) {
        prepared.add(new Answer(status, body, null));
        return this;
    }

    /** Answers with the beginning of a body and never sends the rest. */
    synchronized FakeJudge stalling() {
        prepared.add(new Answer(200, STALLED, null));
        return this;
    }

    synchronized FakeJudge busyFor(String seconds) {
        prepared.add(new Answer(429, "", seconds));
        return this;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        List<String> texts =
                GoodhartJson.read(JudgeClient.Question.class, question).texts();
        questions.add(texts);
        tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
        Answer answer = prepared.isEmpty() ? new Answer(200, scores(texts), null) : prepared.remove();
        if (answer.retryAfter() != null) {
            exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.body().equals(STALLED)) {
            exchange.sendResponseHeaders(answer.status(), body.length + 1);
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String scores(List<String> texts) {
        return GoodhartJson.write(new JudgeClient.Verdicts(
                texts.stream().map(text -> text.length() / 100.0).toList()));
    }

    URI url() {
        return URI.create(
                "http://127.0.0.1:%d/judge".formatted(server.getAddress().getPort()));
    }

    JudgeSettings settings(int attempts) {
        return settings(attempts, Duration.ofSeconds(5));
    }

    JudgeSettings settings(int attempts, Duration timeout) {
        return new JudgeSettings(url(), "secret", "1", 2, timeout, attempts, Duration.ofMillis(1), 0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
