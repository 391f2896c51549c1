package io.goodhart.probeservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.CompletionBatch;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.probeservice.child.ScoreMain;
import io.goodhart.probeservice.fake.SampleProbes;
import io.goodhart.probing.Activations;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@ProbeServiceTest
class ScoreIT {
    private static final String MODEL = "models/tiny-gemma3";
    private static final int WIDTH = 192;

    /** Texts of other lengths in the same batch change the order of float32 sums. */
    private static final double TOLERANCE = 1e-4;

    private static final String PROMPT = "It was a sunny morning.";
    private static final String TEXT = "We walked to the lake — and then we swam until noon.";
    private static final String OTHER = "Thank you!";

    private final PublishedProbes published;
    private final URI score;
    private final HttpClient http = HttpClient.newHttpClient();
    private ModelRevision model;
    private Probe mean;
    private Probe last;
    private List<String> names;

    @Autowired
    ScoreIT(PublishedProbes published, @LocalServerPort int port) {
        this.published = published;
        this.score = URI.create("http://127.0.0.1:" + port + "/v1/score");
    }

    @BeforeEach
    void publish() throws IOException {
        model = ModelDirectory.open(Fixtures.root().resolve(MODEL), MODEL).revision();
        mean = probe("mean", ProbeRole.TRAIN, new ReadPoint(model, Site.RESID_POST, 2, Pooling.MEAN));
        last = probe("last", ProbeRole.HELD_OUT, new ReadPoint(model, Site.MLP_OUT, 4, Pooling.LAST));
        names = published.publish(List.of(mean, last));
    }

    @Test
    void scoresAreThoseOfTheProbesOnTheTeacherForcedText() throws Exception {
        JsonNode answer =
                ok(post(body(names, true, List.of(Map.of("prompt", PROMPT, "text", TEXT), Map.of("text", OTHER)))));
        try (DecoderModel decoder = load();
                Tokenizer tokenizer = Tokenizer.open(Fixtures.root().resolve(MODEL))) {
            for (int probe = 0; probe < 2; probe++) {
                Probe expected = List.of(mean, last).get(probe);
                checkScores(answer, 0, probe, tokenLogits(decoder, tokenizer, expected, PROMPT, TEXT), expected);
                checkScores(answer, 1, probe, tokenLogits(decoder, tokenizer, expected, "", OTHER), expected);
            }
        }
        JsonNode tokens = answer.at("/data/0/scores/0/by_token");
        assertThat(tokens.get(0).get("start").asInt()).isZero();
        int end = tokens.get(tokens.size() - 1).get("start").asInt();
        assertThat(TEXT.substring(end)).isEqualTo(".");
    }

    @Test
    void aTextIsScoredByTheAggregationThatIsAskedFor() throws Exception {
        LinearFit fit = mean.fit().linear().orElseThrow();
        Probe tokens = SampleProbes.ofTokens(model, Site.FINAL_NORM, fit);
        List<String> asked =
                List.of(names.getFirst(), published.publish(List.of(tokens)).getFirst());
        double[] logits;
        try (DecoderModel decoder = load();
                Tokenizer tokenizer = Tokenizer.open(Fixtures.root().resolve(MODEL))) {
            logits = tokenLogits(decoder, tokenizer, tokens, PROMPT, TEXT);
        }
        double highest = Arrays.stream(logits).max().orElseThrow();
        Map<String, String> item = Map.of("prompt", PROMPT, "text", TEXT);
        JsonNode own = ok(post(body(asked, false, item))).at("/data/0/scores/1");
        assertThat(own.get("logit").asDouble()).isCloseTo(highest, within(TOLERANCE));
        assertThat(own.get("probability").asDouble())
                .isCloseTo(FittedProbe.sigmoid(2 * highest - 1), within(TOLERANCE));
        JsonNode maxima = ok(post(aggregated(asked, item, "max"))).at("/data/0/scores");
        assertThat(maxima.get(0).has("flagged")).isFalse(); // a probe of means has no threshold for a maximum
        assertThat(maxima.get(1)).isEqualTo(own);
        JsonNode means = ok(post(aggregated(asked, item, "mean"))).at("/data/0/scores");
        assertThat(means.get(0).get("flagged").isBoolean()).isTrue();
        assertThat(means.get(1).get("logit").asDouble())
                .isCloseTo(Arrays.stream(logits).average().orElseThrow(), within(TOLERANCE));
        assertThat(post(aggregated(asked, item, "attention")).body())
                .contains("unsupported_aggregation", "probes[0]", "probes[1]");
        assertThat(post(aggregated(asked, item, "median")).statusCode()).isEqualTo(422);
    }

    private static String aggregated(List<String> probes, Map<String, String> item, String aggregation) {
        return GoodhartJson.write(Map.of("probes", probes, "items", List.of(item), "aggregation", aggregation));
    }

    @Test
    void textsThatCannotBeReadAreRefusedByTheirPlace() throws Exception {
        String tooLong = "word ".repeat(400);
        HttpResponse<String> answer = post(body(names, false, List.of(Map.of("text", OTHER), Map.of("text", tooLong))));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("text_too_long", "items[1].text", "the model reads 256");
        assertThat(post(body(names, false, Map.of("text", ""))).body()).contains("empty_text", "items[0].text");
        assertThat(post(body(List.of("unknown"), false, Map.of("text", OTHER))).statusCode())
                .isEqualTo(404);
        assertThat(post("{").statusCode()).isEqualTo(400);
    }

    @Test
    void aModelThatIsNotTheProbesIsAConflict() throws Exception {
        ReadPoint point = new ReadPoint(new ModelRevision(MODEL, "ab".repeat(32)), Site.RESID_POST, 2, Pooling.MEAN);
        List<String> others = published.publish(List.of(probe("other", ProbeRole.TRAIN, point)));
        HttpResponse<String> answer = post(body(others, false, Map.of("text", OTHER)));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("model_changed", "probes[0]");
    }

    @Test
    void aKilledProcessIsATemporaryRefusalAndTheNextRequestIsAnswered() throws Exception {
        String body = body(names, false, Map.of("text", TEXT));
        JsonNode before = ok(post(body));
        CompletableFuture<HttpResponse<String>> during = http.sendAsync(
                request(body(names, false, Collections.nCopies(100, Map.of("text", "some words ".repeat(60))))),
                HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> answer = killingUntilAnswered(during);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("scorer_unavailable");
        assertThat(ok(post(body))).isEqualTo(before);
    }

    private static HttpResponse<String> killingUntilAnswered(CompletableFuture<HttpResponse<String>> answer)
            throws Exception {
        while (true) {
            ProcessHandle.current()
                    .children()
                    .filter(child -> child.info().commandLine().orElse("").contains(ScoreMain.class.getName()))
                    .forEach(ProcessHandle::destroyForcibly);
            try {
                return answer.get(20, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                continue;
            }
        }
    }

    private static Probe probe(String name, ProbeRole role, ReadPoint point) {
        return SampleProbes.wide(name, role, point, WIDTH);
    }

    private static DecoderModel load() throws IOException {
        ComputeThread.prepare(1);
        return DecoderModel.load(Fixtures.root().resolve(MODEL));
    }

    private static double[] tokenLogits(
            DecoderModel decoder, Tokenizer tokenizer, Probe probe, String prompt, String text) {
        int[] ids = tokenizer.encode(text, Tokenizer.Specials.LEFT_OUT);
        CompletionBatch batch =
                CompletionBatch.of(List.of(tokenizer.encode(prompt, Tokenizer.Specials.ADDED)), List.of(ids));
        HookPoint point =
                new HookPoint(probe.readPoint().site(), probe.readPoint().layer());
        try (Scope ignored = Scope.open()) {
            float[] values = batch.completionsND(decoder.capture(batch.tokens(), Hooks.capturing(Set.of(point)))
                            .get(point))
                    .toFloats();
            return probe.fit().tokenLogits(Activations.of(values, ids.length, WIDTH));
        }
    }

    /** A probe is linear: its log-odds of a mean is the mean of its log-odds. */
    private static void checkScores(JsonNode answer, int text, int probe, double[] expected, Probe by) {
        JsonNode item = answer.get("data").get(text);
        JsonNode scores = item.get("scores").get(probe);
        double pooled = by.readPoint().pooling() == Pooling.MEAN
                ? Arrays.stream(expected).average().orElseThrow()
                : expected[expected.length - 1];
        assertThat(item.get("tokens").asInt()).isEqualTo(expected.length);
        assertThat(scores.get("logit").asDouble()).isCloseTo(pooled, within(TOLERANCE));
        assertThat(scores.get("probability").asDouble()).isCloseTo(FittedProbe.sigmoid(pooled), within(TOLERANCE));
        assertThat(scores.get("flagged").asBoolean()).isEqualTo(FittedProbe.sigmoid(pooled) >= by.threshold());
        JsonNode tokens = scores.get("by_token");
        assertThat(tokens).hasSize(expected.length);
        for (int t = 0; t < expected.length; t++) {
            assertThat(tokens.get(t).get("logit").asDouble()).isCloseTo(expected[t], within(TOLERANCE));
        }
    }

    private static String body(List<String> probes, boolean perToken, Map<String, String> item) {
        return body(probes, perToken, List.of(item));
    }

    private static String body(List<String> probes, boolean perToken, List<Map<String, String>> items) {
        return GoodhartJson.write(Map.of("probes", probes, "per_token", perToken, "items", items));
    }

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(score)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return http.send(request(body), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return GoodhartJson.tree(answer.body());
    }
}
