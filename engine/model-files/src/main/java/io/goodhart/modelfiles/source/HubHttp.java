package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Requests to the Hub. Redirects are followed by hand: to http(s) only, never from https to http, at most a few, and the token
 * goes only to the endpoint's own host and port. Answers 429 and 5xx and broken connections are tried again a bounded number
 * of times, after {@code Retry-After} or with growing pauses.
 */
final class HubHttp implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_DOUBLINGS = 16;

    /** Nothing else is registered meanwhile: whoever is told to wait longer comes back. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final HubSettings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpClient client;

    HubHttp(HubSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Reads the body of an answer; called anew for each attempt. */
    @FunctionalInterface
    interface Reader<T> {
        T read(HttpResponse<InputStream> response) throws IOException;
    }

    /** Headers of one attempt; asked anew for each. */
    @FunctionalInterface
    interface Headers {
        Map<String, String> forAttempt() throws IOException;
    }

    /**
     * Asks and reads the answer. An IOException of the reader is the connection's and the request is made again; trouble with
     * a local file must come as something else.
     *
     * @param what for messages
     * @throws InvalidInputException if the Hub refuses, or after the last attempt
     */
    <T> T get(URI uri, Headers headers, String what, Reader<T> reader) throws IOException {
        return repeated(what, () -> follow(uri, headers.forAttempt(), what), reader);
    }

    /** Headers of an address itself, not of where it redirects to. */
    HttpHeaders head(URI uri, String what) throws IOException {
        return repeated(what, () -> new Answer(send("HEAD", uri, Map.of())), HttpResponse::headers);
    }

    private <T> T repeated(String what, Request request, Reader<T> reader) throws IOException {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= settings.attempts();
            Duration pause = backoff(attempt);
            try (Answer answer = request.send()) {
                int status = answer.response.statusCode();
                if (status < 400) {
                    return reader.read(answer.response);
                }
                boolean again = status == 429 || status >= 500;
                pause = retryAfter(answer.response).orElse(pause);
                if (last || !again || pause.compareTo(LONGEST_PAUSE) > 0) {
                    throw Refusals.status(status, what, retryAfter(answer.response));
                }
            } catch (IOException e) {
                if (last) {
                    throw Refusals.unreachable(what, e);
                }
            }
            pause(pause);
        }
    }

    private Duration backoff(int attempt) {
        Duration pause = settings.backoff().multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private Answer follow(URI start, Map<String, String> headers, String what) throws IOException {
        URI uri = start;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send("GET", uri, headers);
            if (response.statusCode() < 300 || response.statusCode() >= 400) {
                return new Answer(response);
            }
            response.body().close();
            URI from = uri;
            URI to = response.headers()
                    .firstValue("Location")
                    .flatMap(location -> target(from, location))
                    .orElseThrow(() ->
                            Refusals.of("hub_redirect_refused", "The Hub redirects %s to nowhere".formatted(what)));
            if (!isSafe(from, to)) {
                throw Refusals.of(
                        "hub_redirect_refused", "The Hub redirects %s to a %s address".formatted(what, to.getScheme()));
            }
            requireReachable(to, what);
            uri = to;
        }
        throw Refusals.of(
                "hub_redirect_refused", "The Hub redirects %s more than %d times".formatted(what, MOST_REDIRECTS));
    }

    private static Optional<URI> target(URI from, String location) {
        try {
            return Optional.of(from.resolve(new URI(location)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isSafe(URI from, URI to) {
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        return to.getHost() != null
                && (scheme.equals("https") || (scheme.equals("http") && "http".equalsIgnoreCase(from.getScheme())));
    }

    /** A redirect may lead to the public, or to where the Hub itself is. */
    private void requireReachable(URI to, String what) {
        Reach reach = Reach.of(to.getHost());
        if (reach != Reach.PUBLIC && reach != Reach.of(settings.endpoint().getHost())) {
            throw Refusals.of(
                    "hub_redirect_refused",
                    "The Hub redirects %s to %s, which is in a network that is not the Hub's"
                            .formatted(what, to.getHost()));
        }
    }

    private HttpResponse<InputStream> send(String method, URI uri, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .timeout(settings.timeout())
                .header("User-Agent", "goodhart");
        headers.forEach(request::header);
        settings.token()
                .filter(_ -> isEndpoint(uri))
                .ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean isEndpoint(URI uri) {
        URI endpoint = settings.endpoint();
        return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
                && endpoint.getHost().equalsIgnoreCase(uri.getHost())
                && endpoint.getPort() == uri.getPort();
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        OptionalLong seconds = response.headers().firstValue("Retry-After").stream()
                .filter(text -> text.matches("\\d{1,9}"))
                .mapToLong(Long::parseLong)
                .findFirst();
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }

    /** Waits before another try; closing ends it. */
    private void pause(Duration duration) {
        try {
            if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("The connection to the Hub was closed");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while talking to the Hub", cause);
    }

    @Override
    public void close() {
        closed.countDown();
        client.close();
    }

    @FunctionalInterface
    private interface Request {
        Answer send() throws IOException;
    }

    private record Answer(HttpResponse<InputStream> response) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }
}
