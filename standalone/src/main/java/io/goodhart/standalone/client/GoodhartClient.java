package io.goodhart.standalone.client;

import io.goodhart.db.codec.GoodhartJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Calls the REST interface. */
public final class GoodhartClient {
    /** What takes long where a specification is looked at. */
    public static final String READING = "Reading the models and data that it names";

    /** Files of gigabytes are read several times before the first experiment on them is accepted. */
    private static final Duration FOR_READING = Duration.ofMinutes(30);

    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    public GoodhartClient(URI server) {
        this.server = server;
    }

    /** Whether a server answers there. */
    public boolean isUp() {
        try {
            return send(HttpRequest.newBuilder(server.resolve("/actuator/health/liveness"))
                                    .timeout(Duration.ofSeconds(5))
                                    .GET())
                            .statusCode()
                    == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Submits a specification in YAML and returns the experiment. */
    public JsonNode submit(String yaml, int priority) {
        return json(send(request("/v1/experiments?priority=" + priority)
                .timeout(FOR_READING)
                .header("content-type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(yaml, StandardCharsets.UTF_8))));
    }

    /** What a specification in YAML would compute, or what is wrong with it. */
    public JsonNode validate(String yaml) {
        return json(send(request("/v1/experiments/validate")
                .timeout(FOR_READING)
                .header("content-type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(yaml, StandardCharsets.UTF_8))));
    }

    /** One experiment as it stands. */
    public JsonNode experiment(String id) {
        return json(send(request("/v1/experiments/" + id).GET()));
    }

    /** Changes how urgent an experiment is and returns it. */
    public JsonNode prioritise(String id, int priority) {
        String change = GoodhartJson.write(Map.of("priority", priority));
        return json(send(request("/v1/experiments/" + id)
                .header("content-type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(change, StandardCharsets.UTF_8))));
    }

    /** The report in one form: {@code html}, {@code json}, {@code md}, {@code csv} or {@code tex}. */
    public String report(String id, String form) {
        return text(send(request("/v1/experiments/" + id + "/report." + form).GET()));
    }

    /** Two experiments' reports side by side, in Markdown. */
    public String compare(String a, String b) {
        String query = "?a=" + encoded(a) + "&b=" + encoded(b);
        return text(send(request("/v1/reports/compare" + query)
                .header("accept", "text/markdown")
                .GET()));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofMinutes(2));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("No answer from " + server, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("Interrupted while waiting for " + server, e));
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        return GoodhartJson.mapper().readTree(text(response));
    }

    private static String text(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new RefusedException(response.statusCode(), response.body());
        }
        return response.body();
    }
}
