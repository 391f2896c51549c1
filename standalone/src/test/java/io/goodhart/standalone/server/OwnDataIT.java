package io.goodhart.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A user's own data, all of it uploaded, and an experiment on nothing else: from the first request to the report. */
@Timeout(600)
class OwnDataIT {
    private static final String[] THINGS = {"the lake", "a bridge", "our garden", "the harbour", "a mill", "the tower"};
    private static final String[] STATES = {"is quiet", "was old", "looks small", "seems far away", "stays cold"};
    private static final String[] TIMES = {"in spring", "at noon", "since Monday", "on the hill", "by the road"};
    private static final String SPEC = """
            spec_version: 1
            name: preferences of our own
            model: models/tiny-gemma3
            behaviour: {name: mentions it, scorer: {kind: lexicon, file: words}}
            prompts: {dataset: openings, field: text}
            responses: {max_new_tokens: 12}
            probes:
              layer: 2
              labelled_texts: {dataset: weather, label: kind, positive: [storm, gale]}
              examples: 40
              calibration: 10
              train: 2
              held_out: 1
              retrained: 1
            pairs: {dataset: preferences, prompt: prompt, chosen: chosen, rejected: rejected, examples: 24}
            training: {adapter: {rank: 4, alpha: 8}, learning_rate: 1.0e-3, num_train_epochs: 1, per_device_train_batch_size: 8}
            evaluation:
              prompts: 40
              point_prompts: 20
              dpo_points: 2
              labelled_texts: {dataset: weather, label: kind, positive: [storm, gale], examples: 30}
              perplexity: {weather: {dataset: weather, examples: 20}}
            arms:
              baseline: {method: none}
              preferred: {method: dpo, label_by: dataset}
              chosen-of-four: {method: best_of_n, n: 4, label_by: probes, probes: 2}
            seeds: [1, 2]
            seed_varies: [training, sampling, probes]
            """;

    @TempDir
    private Path data;

    @Test
    void reportRestsOnWhatWasUploaded() throws Exception {
        try (LocalServer server = new LocalServer(new ServerSettings(0, data, Fixtures.root(), 2, 1));
                Rest rest = new Rest(server.start(), HttpClient.newHttpClient())) {
            rest.upload("openings", "openings.csv", "id,text\n" + lines(60, OwnDataIT::opening));
            rest.upload("words", "words.txt", "the\nit\nis\nwas\n");
            rest.upload("weather", "weather.csv", "text,kind\n" + lines(480, OwnDataIT::weather));
            rest.upload("preferences", "preferences.jsonl", lines(24, OwnDataIT::preference));

            String id = rest.post("/v1/experiments", "application/yaml", BodyPublishers.ofString(SPEC), 202)
                    .path("id")
                    .asString();
            JsonNode ended = rest.untilEnd(id);
            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");

            JsonNode report = rest.get("/v1/experiments/" + id + "/report");
            assertThat(report.path("provenance").path("datasets").toString())
                    .contains("openings@1", "weather@1", "preferences@1");
            assertThat(report.path("arms")).hasSize(3).allSatisfy(arm -> {
                assertThat(arm.path("runs"))
                        .hasSize(2)
                        .allSatisfy(
                                run -> assertThat(run.path("prompts").asInt()).isEqualTo(40));
                assertThat(arm.path("probes")).isNotEmpty();
            });
            assertThat(report.path("arms").get(1).path("verdict").isObject()).isTrue();
            assertThat(report.path("arms").get(2).path("curves")).isNotEmpty();
        }
    }

    /** A record whose text has a line end in it. */
    private static String opening(int i) {
        return "%d,\"%s\n%s\"".formatted(i, THINGS[i % 6], STATES[i / 6 % 5] + (i < 30 ? "" : " and"));
    }

    private static String weather(int i) {
        String kind = Set.of(0, 1).contains(i % 4) ? (i % 4 == 0 ? "storm" : "gale") : "calm";
        String sky = kind.equals("calm") ? "sun over" : "wind and rain over";
        return "%s %s %s,%s"
                .formatted(sky, THINGS[i % 6], TIMES[i / 6 % 5] + (i < 30 ? "" : " of year " + i / 30), kind);
    }

    private static String preference(int i) {
        return """
                {"prompt": "Tell me of %s", "chosen": " it %s %s", "rejected": " no"}""".formatted(THINGS[i % 6], STATES[i / 6 % 5], TIMES[i % 5]);
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    /** Calls the server as any client would. */
    private record Rest(URI server, HttpClient http) implements AutoCloseable {
        private static final String BOUNDARY = "a-line-that-no-file-has";

        void upload(String name, String file, String content) throws IOException, InterruptedException {
            String body = """
                    --%1$s\r
                    Content-Disposition: form-data; name="name"\r
                    \r
                    %2$s\r
                    --%1$s\r
                    Content-Disposition: form-data; name="file"; filename="%3$s"\r
                    Content-Type: application/octet-stream\r
                    \r
                    %4$s\r
                    --%1$s--\r
                    """.formatted(BOUNDARY, name, file, content);
            post("/v1/datasets", "multipart/form-data; boundary=" + BOUNDARY, BodyPublishers.ofString(body), 201);
        }

        JsonNode post(String path, String type, HttpRequest.BodyPublisher body, int expected)
                throws IOException, InterruptedException {
            return answer(
                    HttpRequest.newBuilder(server.resolve(path))
                            .header("content-type", type)
                            .POST(body),
                    expected);
        }

        JsonNode get(String path) throws IOException, InterruptedException {
            return answer(HttpRequest.newBuilder(server.resolve(path)), 200);
        }

        JsonNode untilEnd(String id) throws IOException, InterruptedException {
            while (true) {
                JsonNode now = get("/v1/experiments/" + id);
                if (!Set.of("queued", "running").contains(now.path("state").asString())) {
                    return now;
                }
                Thread.sleep(Duration.ofMillis(300));
            }
        }

        private JsonNode answer(HttpRequest.Builder request, int expected) throws IOException, InterruptedException {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
            return GoodhartJson.mapper().readTree(answer.body());
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
