package io.goodhart.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.MiniHub;
import io.goodhart.api.fake.SampleArchives;
import io.goodhart.api.fake.SampleFiles;
import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.api.fake.StandInWorker;
import io.goodhart.db.PostgresForTests;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.MeasuredRun;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.storage.DirectoryArtifactStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on a real port and a real database; a stand-in works the queue. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresForTests.class)
class ApiServiceIT {
    @TempDir
    private static Path artifacts;

    private static final MiniHub HUB = new MiniHub(SampleFiles.root().resolve("models/gemma3"));

    @LocalServerPort
    private int port;

    @Autowired
    private TaskQueue queue;

    @Autowired
    private Experiments experiments;

    private final HttpClient client = HttpClient.newHttpClient();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("goodhart.files.root", () -> SampleFiles.root().toString());
        registry.add("goodhart.storage.directory", () -> artifacts.toString());
        registry.add("goodhart.api.tasks.logs", () -> artifacts.toString());
        registry.add("goodhart.api.events.poll-interval", () -> "200ms");
        registry.add("goodhart.models.hub.endpoint", HUB::address);
        registry.add("goodhart.models.hub.attempts", () -> "1");
    }

    @Test
    void anExperimentGoesInAndItsReportComesOut() throws Exception {
        HttpResponse<String> accepted = post("/v1/experiments", SampleSpecs.valid());
        assertThat(accepted.statusCode()).isEqualTo(202);
        String path = accepted.headers().firstValue("Location").orElseThrow();
        CompletableFuture<List<String>> ids = follow(path + "/events");

        new StandInWorker(queue, new DirectoryArtifactStore(artifacts)).workUntilNothingIsLeft();

        JsonNode experiment = json(path);
        assertThat(experiment.get("state").asString()).isEqualTo("succeeded");
        assertThat(experiment.at("/progress/done").asInt())
                .isEqualTo(experiment.at("/progress/total").asInt());
        assertThat(get(path + "/report.html").body()).contains("does it survive?");
        assertThat(json(path + "/report").get("title").asString()).isEqualTo("does it survive?");
        List<String> seen = ids.get(60, TimeUnit.SECONDS);
        assertThat(seen)
                .isEqualTo(Stream.iterate(1, id -> id + 1)
                        .limit(seen.size())
                        .map(String::valueOf)
                        .toList());
        assertThat(seen)
                .hasSameSizeAs(json(path + "/events?limit=1000")
                        .get("data")
                        .valueStream()
                        .toList());
        assertThat(get(path + "/events", "Accept", "text/event-stream", "Last-Event-ID", seen.getLast())
                        .statusCode())
                .isEqualTo(204);
        readEverything(path);
        everyRunReadTheSameFixedTexts(path);
    }

    private void everyRunReadTheSameFixedTexts(String path) {
        List<MeasuredRun> runs =
                experiments.measuredRuns(ExperimentId.parse(path.substring(path.lastIndexOf('/') + 1)));
        assertThat(runs)
                .hasSize(10)
                .extracting(run -> run.arm() + " " + run.seed())
                .contains("baseline 1", "probe-dpo 2");
        assertThat(runs)
                .extracting(MeasuredRun::fixedTexts)
                .containsOnly(runs.getFirst().fixedTexts());
        assertThat(runs)
                .extracting(run -> run.evaluation().prompts())
                .containsOnly(runs.getFirst().evaluation().prompts());
        assertThat(runs.stream().map(MeasuredRun::details).distinct()).hasSize(9); // the baseline's two are one
    }

    private void readEverything(String path) throws Exception {
        JsonNode runs = json(path + "/runs").get("data");
        assertThat(runs.size()).isEqualTo(10);
        String run = "/v1/runs/" + runs.get(3).get("id").asString();
        assertThat(json(run).get("state").asString()).isEqualTo("succeeded");
        assertThat(json(run + "/metrics?name=loss").get("data").findValuesAsString("name"))
                .isNotEmpty()
                .containsOnly("loss");
        assertThat(json(run + "/metrics?name=nothing").get("data").isEmpty()).isTrue();
        JsonNode task = json(run + "/tasks").at("/data/0");
        assertThat(json("/v1/tasks/" + task.get("id").asString()).get("kind")).isEqualTo(task.get("kind"));
        String id = task.get("id").asString();
        assertThat(get("/v1/tasks/" + id + "/log").statusCode()).isEqualTo(404);
        Files.writeString(artifacts.resolve(id + ".log"), "second\n");
        Files.writeString(artifacts.resolve(id + ".log.1"), "first\n");
        assertThat(get("/v1/tasks/" + id + "/log").body()).isEqualTo("first\nsecond\n");
        String artifact = task.at("/outputs")
                .valueStream()
                .findFirst()
                .orElseThrow()
                .get("artifact")
                .asString();
        assertThat(get("/v1/artifacts/" + artifact).statusCode()).isEqualTo(200);
        assertThat(json("/v1/experiments?state=succeeded").get("data").size()).isPositive();
        assertThat(json("/v1/probes").get("object").asString()).isEqualTo("list");
        assertThat(json("/v1/workers").get("object").asString()).isEqualTo("list");
        assertThat(json("/v1/models?path=models/gemma3").get("layers").asInt()).isEqualTo(7);
    }

    @Test
    void aModelIsRegisteredOnceAndExperimentsNameIt() throws Exception {
        String source = "hf://someone/tiny";
        assertThat(post("/v1/experiments", SampleSpecs.with("/model", '"' + source + '"'))
                        .body())
                .contains("model_not_registered");
        HttpResponse<String> accepted =
                post("/v1/models", "{\"source\": \"%s\", \"name\": \"tiny\"}".formatted(source));
        assertThat(accepted.statusCode()).isEqualTo(202);
        String path = accepted.headers().firstValue("Location").orElseThrow();
        JsonNode ready = ended(path);
        assertThat(ready.get("state").asString()).as(ready.toString()).isEqualTo("ready");
        assertThat(ready.get("commit").asString()).isEqualTo(MiniHub.COMMIT);
        assertThat(ready.at("/facts/layers").asInt()).isEqualTo(7);
        assertThat(ready.at("/memory/weight_bytes").asLong())
                .isEqualTo(4 * ready.at("/facts/parameters").asLong());
        assertThat(ready.at("/sites").size()).isEqualTo(7);
        assertThat(tree(post("/v1/models", "{\"source\": \"%s@main\"}".formatted(source))
                                .body())
                        .get("id"))
                .isEqualTo(ready.get("id"));
        assertThat(json("/v1/models").get("data").findValuesAsString("id"))
                .contains(ready.get("id").asString());
        for (String name : List.of("tiny", source, ready.get("id").asString())) {
            HttpResponse<String> valid = post("/v1/experiments/validate", SampleSpecs.with("/model", '"' + name + '"'));
            assertThat(tree(valid.body()).get("valid").asBoolean())
                    .as(valid.body())
                    .isTrue();
        }
    }

    private HttpResponse<String> upload(String path, String name, String file, byte[] content) throws Exception {
        var form = new ByteArrayOutputStream();
        form.writeBytes("""
                --cut\r
                Content-Disposition: form-data; name="name"\r
                \r
                %s\r
                --cut\r
                Content-Disposition: form-data; name="file"; filename="%s"\r
                \r
                """.formatted(name, file).getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(content);
        form.writeBytes("\r\n--cut--\r\n".getBytes(StandardCharsets.US_ASCII));
        return send("POST", path, BodyPublishers.ofByteArray(form.toByteArray()), "multipart/form-data; boundary=cut");
    }

    @Test
    void aDataSetIsUploadedAndExperimentsNameIt() throws Exception {
        String rows = Files.readString(SampleFiles.root().resolve("data/sentences.jsonl"));
        HttpResponse<String> uploaded =
                upload("/v1/datasets", "rivers", "rivers.jsonl", rows.getBytes(StandardCharsets.UTF_8));
        assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
        JsonNode dataset = tree(uploaded.body());
        assertThat(dataset.get("rows").asInt()).isEqualTo(400);
        assertThat(get("/v1/artifacts/" + dataset.get("sha256").asString()).body())
                .isEqualTo(rows);
        for (String name : List.of("rivers", "rivers@1", dataset.get("id").asString())) {
            HttpResponse<String> valid =
                    post("/v1/experiments/validate", SampleSpecs.with("/prompts/dataset", '"' + name + '"'));
            assertThat(tree(valid.body()).get("valid").asBoolean())
                    .as(valid.body())
                    .isTrue();
        }
        assertThat(post("/v1/experiments/validate", SampleSpecs.with("/prompts/dataset", "\"river\""))
                        .body())
                .contains("dataset_not_found", "did you mean rivers?");
    }

    @Test
    void aModelIsUploadedAndExperimentsNameIt() throws Exception {
        HttpResponse<String> accepted =
                upload("/v1/models", "uploaded", "gemma3.zip", SampleArchives.zip("models/gemma3"));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        JsonNode ready = ended(accepted.headers().firstValue("Location").orElseThrow());
        assertThat(ready.at("/facts/layers").asInt()).as(ready.toString()).isEqualTo(7);
        String source = ready.get("source").asString();
        assertThat(get("/v1/artifacts/" + source.substring("artifact://".length()))
                        .headers()
                        .firstValue("Content-Type"))
                .contains("application/zip");
        HttpResponse<String> valid = post("/v1/experiments/validate", SampleSpecs.with("/model", "\"uploaded\""));
        assertThat(tree(valid.body()).get("valid").asBoolean()).as(valid.body()).isTrue();
    }

    @Test
    void aModelThatCannotBeUsedSaysWhy() throws Exception {
        String broken = post("/v1/models", "{\"source\": \"models/broken-missing-key\"}")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertThat(ended(broken).at("/problems/0/code").asString()).isEqualTo("weights_missing_key");
        String absent = post("/v1/models", "{\"source\": \"hf://someone/other\", \"name\": \"other\"}")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertThat(ended(absent).at("/problems/0/code").asString()).isEqualTo("hub_not_found");
        assertThat(post("/v1/experiments", SampleSpecs.with("/model", "\"other\""))
                        .body())
                .contains("model_not_ready", "could not be registered");
        for (String body : List.of(
                "{\"source\": \"../x\"}",
                "{\"source\": \"models/nothing\"}",
                "{\"source\": \"hf://x\"}",
                "{\"source\": \"artifact://x\"}",
                "{\"source\": \"models/gemma3\", \"name\": \"A B\"}",
                "{}",
                "{\"source\": 1}")) {
            HttpResponse<String> refused = post("/v1/models", body);
            assertThat(refused.statusCode()).as(body + refused.body()).isBetween(400, 422);
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
        assertThat(get("/v1/models/nothing").statusCode()).isEqualTo(404);
    }

    /** A model once it is no longer being registered. */
    private JsonNode ended(String path) throws Exception {
        JsonNode model = json(path);
        for (int i = 0; i < 600 && model.get("state").asString().equals("registering"); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
            model = json(path);
        }
        return model;
    }

    @Test
    void theSameSubmissionWithTheSameKeyIsOneExperiment() throws Exception {
        String spec = SampleSpecs.with("/data_seed", "41");
        String first = post("/v1/experiments", spec, "Idempotency-Key", "it-1").body();
        String again = post("/v1/experiments", spec, "Idempotency-Key", "it-1").body();
        HttpResponse<String> other = post("/v1/experiments", SampleSpecs.valid(), "Idempotency-Key", "it-1");
        assertThat(tree(again).get("id")).isEqualTo(tree(first).get("id"));
        assertThat(other.statusCode()).isEqualTo(422);
        String path = "/v1/experiments/" + tree(first).get("id").asString();
        assertThat(tree(post(path + "/cancel", "").body()).get("state").asString())
                .isEqualTo("cancelled");
    }

    @Test
    void operatorsFindHealthMetricsAndTheDocument() throws Exception {
        assertThat(json("/actuator/health/liveness").get("status").asString()).isEqualTo("UP");
        assertThat(json("/actuator/health/readiness").get("status").asString()).isEqualTo("UP");
        post("/v1/experiments", "{\"nothing\": true}");
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "goodhart_queue_depth",
                        "goodhart_tasks{",
                        "goodhart_experiments_refused_total{code=\"unknown_field\"}");
        assertThat(json("/v3/api-docs").get("openapi").asString()).isEqualTo("3.1.0");
        assertThat(get("/swagger-ui/index.html").body()).contains("swagger");
        assertThat(get("/").body()).contains("<title>Goodhart");
        assertThat(get("/actuator/env").statusCode()).isEqualTo(404);
    }

    @Test
    void everyRefusalIsAProblemWhoeverRefuses() throws Exception {
        assertProblem(get("/v1/nothing"), 404, "not_found");
        assertProblem(get("/error"), 404, "not_found");
        assertProblem(send("DELETE", "/v1/experiments", "", "application/json"), 405, "method_not_allowed");
        assertProblem(send("POST", "/v1/experiments", "a=b", "text/plain"), 415, "unsupported_media_type");
        assertProblem(send("POST", "/v1/experiments", "{\"name\"", "application/json"), 400, "malformed_json");
        assertProblem(get("/v1/experiments?metadata%5Ba%5D=%00"), 422, "out_of_range");
        assertThat(raw("GET /v1/<experiments> HTTP/1.1"))
                .contains("400", "application/problem+json", "\"code\":\"bad_request\"");
        assertThat(raw("GET /v1/models?path=%ZZ HTTP/1.1"))
                .contains("400", "application/problem+json", "\"code\":\"malformed_query\"");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(tree(response.body()).get("code").asString()).isEqualTo(code);
    }

    private HttpResponse<String> send(String method, String path, String body, String type) throws Exception {
        return send(method, path, BodyPublishers.ofString(body), type);
    }

    private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String type)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, body)
                        .header("Content-Type", type)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What comes back for a request line that no client would send. */
    private String raw(String requestLine) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void noAnswerEverShowsAStackTrace() throws Exception {
        for (String path :
                List.of("/v1/nothing", "/v1/experiments/x", "/v1/artifacts/%2e%2e", "/error", "/v1/models?path=%00")) {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).as(path).isBetween(400, 500);
            assertThat(response.body()).doesNotContain("Exception", "\tat ", "io.goodhart");
        }
    }

    /** Ids of all events of a stream, once it has ended. */
    private CompletableFuture<List<String>> follow(String path) {
        HttpRequest request =
                request(path).header("Accept", "text/event-stream").build();
        return client.sendAsync(request, BodyHandlers.ofLines()).thenApply(response -> {
            List<String> ids = new ArrayList<>();
            response.body().filter(line -> line.startsWith("id:")).forEach(line -> ids.add(line.substring(3)));
            return ids;
        });
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return tree(response.body());
    }

    private static JsonNode tree(String json) {
        return JsonMapper.shared().readTree(json);
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return client.send(with(request(path), headers).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        return client.send(with(request, headers).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }
}
