package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.MetricValue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.domain.state.ExperimentState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;

class ExperimentControllerTest extends ExperimentSliceTest {
    private static final String YAML = """
            spec_version: 1
            name: does it survive?   # a question
            model: models/gemma3
            behaviour: {name: politeness, scorer: {kind: classifier, model: models/roberta, label: polite}}
            prompts: {dataset: data/sentences.jsonl}
            responses: {max_new_tokens: 8}
            probes: {layer: 1, examples: 10, calibration: 2, train: 2, held_out: 1, retrained: 1}
            pairs: {prompts: 20, k: 3}
            training: &small {adapter: {rank: 2, target_modules: all-linear}, max_length: 32, learning_rate: 5e-4}
            evaluation: {prompts: 20, point_prompts: 10}
            arms:
              baseline: {method: none}
              dpo: {method: dpo, label_by: scorer, training: {<<: *small, beta: 1e-1}}
            seeds: [1, 2]
            """;

    @Autowired
    private MeterRegistry meters;

    @Test
    void anAcceptedExperimentIsAnswered202WithItsLocationAndItsRuns() {
        MvcTestResult result = submit(SampleSpecs.valid());
        assertThat(result).hasStatus(202).hasContentTypeCompatibleWith(MediaType.APPLICATION_JSON);
        JsonNode body = body(result);
        assertThat(result.getResponse().getHeader("Location"))
                .isEqualTo("/v1/experiments/" + body.get("id").asString());
        assertThat(body.get("state").asString()).isEqualTo("queued");
        assertThat(body.get("runs").size()).isEqualTo(10); // 5 arms, 2 seeds
        assertThat(body.at("/progress/done").asInt()).isZero();
        assertThat(body.at("/spec/arms/probe-sft/method").asString()).isEqualTo("probe_sft");
        assertThat(meters.counter("goodhart.experiments.accepted").count()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{kind: lexicon, terms: [please, thank you], hits: 2}",
                "{kind: lexicon, file: data/terms.txt}",
                "{kind: judge, name: politeness}"
            })
    void behaviourMayBeScoredByOtherThanAClassifier(String scorer) {
        String yaml = YAML.replace("{kind: classifier, model: models/roberta, label: polite}", scorer);
        assertThat(post("/v1/experiments", yaml, "application/yaml")).hasStatus(202);
    }

    @Test
    void yamlIsAsGoodAsJson() {
        MvcTestResult result = post("/v1/experiments", YAML, "application/yaml");
        assertThat(result).hasStatus(202);
        JsonNode spec = body(result).get("spec");
        assertThat(spec.at("/training/learning_rate").asDouble()).isEqualTo(5e-4);
        assertThat(spec.at("/arms/dpo/training/beta").asDouble()).isEqualTo(0.1);
        assertThat(spec.at("/probes/layer").asString()).isEqualTo("1");
    }

    @Test
    void theSameKeyWithTheSameBodyGivesTheSameExperimentAndWithAnotherBodyIsRefused() {
        MvcTestResult first = withKey(SampleSpecs.valid(), "key-1");
        MvcTestResult again = withKey(SampleSpecs.valid(), "key-1");
        MvcTestResult other = withKey(SampleSpecs.with("/seeds", "[5]"), "key-1");
        assertThat(body(again).get("id")).isEqualTo(body(first).get("id"));
        assertThat(experiments.count()).isEqualTo(1);
        assertThat(other).hasStatus(422);
        assertThat(body(other).get("code").asString()).isEqualTo("idempotency_key_reused");
    }

    @Test
    void theSameKeyGivesTheExperimentThoughItWouldBeRefusedNow() {
        MvcTestResult first = withKey(SampleSpecs.valid(), "key-9");
        workers.clear();
        workers.register(new WorkerId(new UUID(0, 2)), "small", "cpu", 64 << 20);
        MvcTestResult again = withKey(SampleSpecs.valid(), "key-9");
        assertThat(again).hasStatus(202);
        assertThat(body(again).get("id")).isEqualTo(body(first).get("id"));
        assertThat(withKey(SampleSpecs.valid(), "key-10")).hasStatus(422);
    }

    @Test
    void anIdempotencyKeyWithSpacesIsRefused() {
        assertThat(withKey(SampleSpecs.valid(), "two words")).hasStatus(422);
        assertThat(experiments.count()).isZero();
    }

    private MvcTestResult withKey(String json, String key) {
        return mvc.post()
                .uri("/v1/experiments")
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json)
                .exchange();
    }

    @Test
    void validationTellsWhatWouldBeComputedAndQueuesNothing() {
        MvcTestResult result = post("/v1/experiments/validate", SampleSpecs.valid(), "application/json");
        assertThat(result).hasStatusOk();
        JsonNode body = body(result);
        assertThat(body.get("valid").asBoolean()).isTrue();
        assertThat(body.at("/plan/runs").asInt()).isEqualTo(10);
        assertThat(body.at("/plan/tasks_by_kind/train").asInt()).isEqualTo(8);
        assertThat(body.at("/plan/tasks_by_kind/report").asInt()).isEqualTo(1);
        assertThat(body.at("/plan/shared_tasks").asInt()).isPositive();
        long memory = body.at("/plan/memory_bytes").asLong();
        assertThat(memory).isGreaterThan(200L << 20);
        JsonNode byKind = body.at("/plan/memory_bytes_by_kind");
        assertThat(byKind.propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        body.at("/plan/tasks_by_kind").propertyNames());
        assertThat(byKind.valueStream().mapToLong(JsonNode::asLong).max()).hasValue(memory);
        assertThat(body.get("warnings").findValuesAsString("code")).contains("few_prompts");
        JsonNode cost = body.at("/plan/cost");
        assertThat(cost.get("reused_tasks").asInt()).isZero();
        assertThat(cost.at("/tokens_by_kind/train").asLong()).isPositive();
        assertThat(cost.get("trainings").size()).isEqualTo(8);
        assertThat(cost.at("/trainings/0/steps").asInt()).isPositive();
        assertThat(cost.at("/trainings/0/reused").asBoolean()).isFalse();
        assertThat(cost.has("eta_seconds")).isFalse();
        assertThat(cost.get("measured_seconds").asDouble()).isZero();
        assertThat(cost.get("unmeasured_kinds").valueStream().map(JsonNode::asString))
                .contains("train", "evaluate")
                .doesNotContain("report", "build_pairs");
        assertThat(cost.get("eta_basis").asString())
                .contains("Not measured yet")
                .contains("train");
        assertThat(experiments.count()).isZero();
    }

    @Test
    void validationTellsWhichTrainingsComputeTheirBlocksTwice() {
        JsonNode none = body(post("/v1/experiments/validate", SampleSpecs.valid(), "application/json"));
        assertThat(none.at("/plan/gradient_checkpointing")).isEmpty();
        String asking = SampleSpecs.with("/training/gradient_checkpointing", "true");
        JsonNode plan = body(post("/v1/experiments/validate", asking, "application/json"))
                .get("plan");
        assertThat(plan.get("gradient_checkpointing"))
                .hasSize(8)
                .allMatch(label -> label.asString().startsWith("train "));
        assertThat(plan.get("tasks_by_kind")).isEqualTo(none.at("/plan/tasks_by_kind"));
    }

    @Test
    void aTrainingThatFitsOnlyWithCheckpointingGetsIt() {
        String large = SampleSpecs.with("/training/per_device_train_batch_size", "512");
        JsonNode plan = body(post("/v1/experiments/validate", large, "application/json"))
                .get("plan");
        workers.clear();
        workers.register(
                new WorkerId(new UUID(0, 2)),
                "tight",
                "cpu",
                plan.at("/memory_bytes_by_kind/train").asLong() - 1);
        JsonNode tight = body(post("/v1/experiments/validate", large, "application/json"))
                .get("plan");
        assertThat(tight.get("gradient_checkpointing")).isNotEmpty();
        assertThat(tight.at("/memory_bytes_by_kind/train").asLong())
                .isLessThan(plan.at("/memory_bytes_by_kind/train").asLong());
    }

    @Test
    void validationOfAWrongSpecificationListsItsProblems() {
        MvcTestResult result = post("/v1/experiments/validate", SampleSpecs.with("/seeds", "[]"), "application/json");
        assertThat(result).hasStatusOk();
        assertThat(body(result).get("valid").asBoolean()).isFalse();
        assertThat(body(result).at("/problems/0/field").asString()).isEqualTo("seeds");
    }

    @Test
    void whatCannotBeReadAtAllIsA400() {
        assertThat(post("/v1/experiments", "{\"name\": ", "application/json")).hasStatus(400);
        assertThat(post("/v1/experiments/validate", "a: [b", "application/yaml"))
                .hasStatus(400);
        assertThat(post("/v1/experiments", "", "application/json")).hasStatus(400);
        assertThat(post("/v1/experiments", "{\"name\": \"a\", \"name\": \"b\"}", "application/json"))
                .hasStatus(400);
        assertThat(post("/v1/experiments", "a: 1\na: 2", "application/yaml")).hasStatus(400);
    }

    @Test
    void aSpecificationThatIsTooLargeIsA413() {
        assertThat(post("/v1/experiments", " ".repeat((1 << 20) + 1), "application/json"))
                .hasStatus(413);
    }

    @Test
    void anotherMediaTypeIsA415() {
        MvcTestResult result = post("/v1/experiments", "spec", "text/plain");
        assertThat(result).hasStatus(415).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(body(result).get("code").asString()).isEqualTo("unsupported_media_type");
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrOverlap() {
        for (int i = 0; i < 5; i++) {
            submitted();
        }
        List<String> seen = new ArrayList<>();
        JsonNode page = get("/v1/experiments?limit=2");
        while (true) {
            seen.addAll(page.get("data").findValuesAsString("id"));
            if (!page.get("has_more").asBoolean()) {
                break;
            }
            page = get("/v1/experiments?limit=2&after=" + seen.getLast());
        }
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
        assertThat(page.get("object").asString()).isEqualTo("list");
    }

    @Test
    void theListIsFilteredByStateAndLabel() {
        ExperimentId labelled = ExperimentId.parse(body(submit(SampleSpecs.with("/metadata", "{\"team\": \"red\"}")))
                .get("id")
                .asString());
        experiments.move(submitted(), ExperimentState.RUNNING, null);
        assertThat(get("/v1/experiments?state=queued").get("data").findValuesAsString("id"))
                .containsExactly(labelled.toString());
        assertThat(get("/v1/experiments?metadata[team]=red").get("data").size()).isEqualTo(1);
        assertThat(get("/v1/experiments?metadata[team]=blue").get("data").size())
                .isZero();
    }

    @Test
    void aWrongParameterIsNamed() {
        assertThat(mvc.get().uri("/v1/experiments?limit=0").exchange()).hasStatus(400);
        MvcTestResult result = mvc.get().uri("/v1/experiments?state=Queued").exchange();
        assertThat(result).hasStatus(400);
        assertThat(body(result).at("/errors/0/field").asString()).isEqualTo("state");
    }

    @Test
    void cancellingIsRepeatableAndRefusedOnceTheExperimentHasEnded() {
        ExperimentId id = submitted();
        assertThat(post("/v1/experiments/" + id + "/cancel", "", "application/json"))
                .hasStatusOk();
        MvcTestResult again =
                mvc.post().uri("/v1/experiments/" + id + "/cancel").exchange();
        assertThat(body(again).get("state").asString()).isEqualTo("cancelled");
        ExperimentId ended = submitted();
        experiments.move(ended, ExperimentState.SUCCEEDED, null);
        MvcTestResult late =
                mvc.post().uri("/v1/experiments/" + ended + "/cancel").exchange();
        assertThat(late).hasStatus(409).hasHeader("X-Should-Retry", "false");
        assertThat(body(late).get("code").asString()).isEqualTo("already_ended");
    }

    @Test
    void whatDoesNotExistIsA404WithACode() {
        for (String path : List.of(
                "/v1/experiments/" + new UUID(0, 5),
                "/v1/experiments/nonsense",
                "/v1/experiments/x/runs",
                "/v1/nothing")) {
            MvcTestResult result = mvc.get().uri(path).exchange();
            assertThat(result).hasStatus(404).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
            assertThat(body(result).get("code").asString()).isEqualTo("not_found");
            assertThat(body(result).get("instance").asString()).isEqualTo(path);
        }
    }

    @Test
    void anotherMethodIsA405AndAnUnknownFormA406() {
        assertThat(mvc.delete().uri("/v1/experiments").exchange()).hasStatus(405);
        MvcTestResult result =
                mvc.get().uri("/v1/experiments").accept("image/png").exchange();
        assertThat(result).hasStatus(406);
    }

    @Test
    void tasksAndRunsAreListed() {
        ExperimentId id = submitted();
        assertThat(get("/v1/experiments/" + id + "/runs").get("data").size()).isEqualTo(10);
        assertThat(get("/v1/experiments/" + id + "/tasks").get("data").size()).isZero();
        assertThat(get("/v1/experiments/" + id + "/probes").get("data").size()).isZero();
    }

    @Test
    void eventsAreListedInPages() {
        ExperimentId id = submitted();
        for (int i = 0; i < 3; i++) {
            experiments.say(id, "task_succeeded", "message " + i);
        }
        experiments.addMetric(new MetricValue(new UUID(1, 1), "loss", 1, 0.5, Instant.EPOCH));
        JsonNode page = get("/v1/experiments/" + id + "/events?after=1&limit=1");
        assertThat(page.get("has_more").asBoolean()).isTrue();
        assertThat(page.at("/data/0/id").asInt()).isEqualTo(2);
        assertThat(page.at("/data/0/level").asString()).isEqualTo("info");
    }

    private MvcTestResult post(String path, String body, String type) {
        return mvc.post().uri(path).contentType(type).content(body).exchange();
    }

    private JsonNode get(String path) {
        MvcTestResult result = mvc.get()
                .uri(URI.create(path.replace("[", "%5B").replace("]", "%5D")))
                .exchange();
        assertThat(result).hasStatusOk();
        return body(result);
    }
}
