package io.goodhart.trainer.scorer;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Policy;
import dev.failsafe.RateLimiter;
import dev.failsafe.RetryPolicy;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.child.TaskFailedException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a judge. One request posts {@code {"texts": [...]}} and is answered with {@code {"scores": [...]}}, as many and in their order,
 * each in [0, 1]. Answers 408, 429 and 5xx, late answers and broken connections are asked for again, after {@code Retry-After} or with
 * growing pauses. Redirects are not followed: the token goes to the configured address only.
 */
final class JudgeClient implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(5);

    /** No list of scores is as long. */
    private static final int MOST_BYTES = 16 << 20;

    private static final Duration GROWING = Duration.ofNanos(-1);

    private final String name;
    private final JudgeSettings settings;
    private final HttpClient client;
    private final FailsafeExecutor<HttpResponse<String>> patiently;

    /** What is sent. */
    record Question(List<String> texts) {}

    /** What must come back. */
    record Verdicts(List<Double> scores) {}

    JudgeClient(String name, JudgeSettings settings) {
        this.name = name;
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.patiently = Failsafe.with(policies(settings));
    }

    private static List<Policy<HttpResponse<String>>> policies(JudgeSettings settings) {
        List<Policy<HttpResponse<String>>> policies = new ArrayList<>();
        policies.add(RetryPolicy.<HttpResponse<String>>builder()
                .handle(IOException.class)
                .handleResultIf(JudgeClient::mayAnswerLater)
                .withMaxAttempts(settings.attempts())
                .withBackoff(settings.backoff(), LONGEST_PAUSE.plus(settings.backoff()))
                .withDelayFn(context -> retryAfter(context.getLastResult()))
                .build());
        if (settings.requestsPerMinute() > 0) {
            policies.add(
                    RateLimiter.<HttpResponse<String>>smoothBuilder(settings.requestsPerMinute(), Duration.ofMinutes(1))
                            .withMaxWaitTime(LONGEST_QUEUE)
                            .build());
        }
        return policies;
    }

    /**
     * Scores in [0, 1], one for each text.
     *
     * @throws TaskFailedException with code {@code unreachable} if no answer comes, or {@code invalid_input} if the judge refuses or its
     *     answer is none
     */
    double[] ask(List<String> texts) {
        HttpRequest request = request(texts);
        try {
            HttpResponse<String> response = patiently.get(() -> send(request));
            if (mayAnswerLater(response)) {
                throw unreachable("answers %d".formatted(response.statusCode()), null);
            }
            if (response.statusCode() != 200) {
                throw refused("answers %d%s".formatted(response.statusCode(), hint(response.statusCode())));
            }
            return scores(response.body(), texts.size());
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw unreachable("does not answer (%s)".formatted(e.getCause()), e);
        }
    }

    /** Waits for the whole answer: the timeout of a request ends where its body begins. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
        try {
            return answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(
                    "no whole answer in " + settings.timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(List<String> texts) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
                .POST(BodyPublishers.ofString(GoodhartJson.write(new Question(texts))))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "goodhart");
        if (!settings.token().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return request.build();
    }

    private double[] scores(String body, int expected) {
        List<Double> scores;
        try {
            scores = GoodhartJson.read(Verdicts.class, body).scores();
        } catch (InvalidInputException e) {
            throw refused("does not answer {\"scores\": [...]}");
        }
        if (scores.size() != expected) {
            throw refused("was sent %d texts and gave %d scores".formatted(expected, scores.size()));
        }
        double[] values = new double[expected];
        for (int n = 0; n < expected; n++) {
            Double score = scores.get(n);
            if (score == null || !(score >= 0 && score <= 1)) {
                throw refused("gave the score %s, which does not lie in [0, 1]".formatted(score));
            }
            values[n] = score;
        }
        return values;
    }

    private static boolean mayAnswerLater(HttpResponse<String> response) {
        int status = response.statusCode();
        return status == 408 || status == 429 || status >= 500;
    }

    /** Less than nothing, which asks for a growing pause, if the answer names none in seconds. */
    private static Duration retryAfter(@Nullable HttpResponse<String> response) {
        return Optional.ofNullable(response)
                .flatMap(answer -> answer.headers().firstValue("Retry-After"))
                .filter(seconds -> seconds.matches("[0-9]{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .map(pause -> pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause)
                .orElse(GROWING);
    }

    private static String hint(int status) {
        return status == 401 || status == 403 ? ": check goodhart.judges.*.token" : "";
    }

    private TaskFailedException refused(String message) {
        return TaskFailedException.invalidInput("Judge %s %s".formatted(name, message));
    }

    private TaskFailedException unreachable(String message, @Nullable Throwable cause) {
        String text = "Judge %s at %s %s after %d attempts"
                .formatted(name, settings.url().getHost(), message, settings.attempts());
        return new TaskFailedException(FailureCode.UNREACHABLE, text, cause);
    }

    @Override
    public void close() {
        client.close();
    }
}
