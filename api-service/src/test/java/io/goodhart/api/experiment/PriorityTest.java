package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.Priority;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;

class PriorityTest extends ExperimentSliceTest {
    private static final String MERGE_PATCH = "application/merge-patch+json";

    @Test
    void priorityIsShownWithTheExperimentAndInTheListAndIsNoPartOfTheSpecification() {
        JsonNode urgent = body(submit("7", null));
        JsonNode normal = body(submit(null, null));
        assertThat(urgent.get("priority").asInt()).isEqualTo(7);
        assertThat(normal.get("priority").asInt()).isZero();
        assertThat(urgent.get("spec")).isEqualTo(normal.get("spec"));
        JsonNode list = body(mvc.get().uri("/v1/experiments").exchange());
        assertThat(list.at("/data/0/priority").asInt()).isZero();
        assertThat(list.at("/data/1/priority").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"11, out_of_range", "-11, out_of_range", "high, wrong_type", "1.5, wrong_type"})
    void priorityThatThereIsNotIsRefused(String priority, String code) {
        MvcTestResult result = submit(priority, null);
        assertThat(result).hasStatus(400);
        assertThat(body(result).at("/errors/0/code").asString()).isEqualTo(code);
        assertThat(body(result).at("/errors/0/field").asString()).isEqualTo("priority");
        assertThat(experiments.count()).isZero();
    }

    @Test
    void keyStandsForThePriorityToo() {
        JsonNode first = body(submit("2", "key-1"));
        assertThat(body(submit("2", "key-1")).get("id")).isEqualTo(first.get("id"));
        MvcTestResult other = submit("3", "key-1");
        assertThat(other).hasStatus(422);
        assertThat(body(other).get("code").asString()).isEqualTo("idempotency_key_reused");
        assertThat(submit(null, "key-1")).hasStatus(422);
        assertThat(experiments.count()).isEqualTo(1);
    }

    @Test
    void priorityMayChange() {
        ExperimentId id = submitted();
        MvcTestResult result = change(id, "{\"priority\": -10}", MERGE_PATCH);
        assertThat(result).hasStatusOk();
        assertThat(body(result).get("priority").asInt()).isEqualTo(-10);
        assertThat(experiments.get(id).summary().priority()).isEqualTo(new Priority(Priority.MIN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"priority\": 11}                | out_of_range  | priority",
                "{\"priority\": \"5\"}             | wrong_type    | priority",
                "{\"priority\": 1.5}               | wrong_type    | priority",
                "{\"priority\": null}              | missing_field | priority",
                "{}                                | missing_field | priority",
                "{\"priority\": 1, \"name\": \"x\"}| unknown_field | name",
            })
    void changeThatCannotBeHonouredIsRefused(String json, String code, String field) {
        ExperimentId id = submitted();
        MvcTestResult result = change(id, json, MERGE_PATCH);
        assertThat(result).hasStatus(422);
        assertThat(body(result).at("/errors/0/code").asString()).isEqualTo(code);
        assertThat(body(result).at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(experiments.get(id).summary().priority()).isEqualTo(Priority.NORMAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{"})
    void bodyThatIsNoChangeIsRefused(String json) {
        assertThat(change(submitted(), json, MERGE_PATCH)).hasStatus(400);
    }

    @Test
    void changeThatIsNoMergePatchIsToldWhatIs() {
        MvcTestResult result = change(submitted(), "{\"priority\": 1}", MediaType.APPLICATION_JSON_VALUE);
        assertThat(result).hasStatus(415).hasHeader("Accept-Patch", MERGE_PATCH);
    }

    @Test
    void priorityOfAnEndedExperimentCannotChange() {
        ExperimentId id = submitted();
        experiments.move(id, ExperimentState.SUCCEEDED, null);
        MvcTestResult result = change(id, "{\"priority\": 1}", MERGE_PATCH);
        assertThat(result).hasStatus(409);
        assertThat(body(result).get("code").asString()).isEqualTo("already_ended");
        assertThat(change(ExperimentId.parse("00000000-0000-7000-8000-000000000000"), "{\"priority\": 1}", MERGE_PATCH))
                .hasStatus(404);
    }

    private MvcTestResult submit(@Nullable String priority, @Nullable String key) {
        MockMvcRequestBuilder request = mvc.post()
                .uri("/v1/experiments")
                .contentType(MediaType.APPLICATION_JSON)
                .content(SampleSpecs.valid());
        if (priority != null) {
            request = request.param("priority", priority);
        }
        return (key == null ? request : request.header("Idempotency-Key", key)).exchange();
    }

    private MvcTestResult change(ExperimentId id, String json, String type) {
        return mvc.patch()
                .uri("/v1/experiments/" + id)
                .contentType(type)
                .content(json)
                .exchange();
    }
}
