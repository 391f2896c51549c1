package io.goodhart.probeservice.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.experiment.ProbeId;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.probeservice.catalog.ProbeCatalog;
import io.goodhart.probeservice.child.FakeScoreChild;
import io.goodhart.probeservice.child.ScoreChild;
import io.goodhart.probeservice.fake.FakeProbes;
import io.goodhart.probeservice.fake.SampleProbes;
import io.goodhart.probeservice.refusal.Bodies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.util.unit.DataSize;

class ScoreControllerTest {
    @TempDir
    private Path directory;

    private final List<ScoreChild> children = new ArrayList<>();
    private FakeProbes probes;
    private List<ProbeId> ids;

    @BeforeEach
    void addProbes() throws IOException {
        probes = new FakeProbes(directory);
        ids = probes.add(List.of(
                SampleProbes.ofThreeFeatures(ProbeRole.TRAIN),
                SampleProbes.ofThreeFeatures(ProbeRole.HELD_OUT),
                SampleProbes.ofThreeFeatures(ProbeRole.RETRAINED)));
    }

    @AfterEach
    void endChildren() {
        children.forEach(ScoreChild::close);
    }

    @Test
    void scoresComeInTheRequestsOrder() {
        MockMvcTester mvc = mvc(FakeScoreChild.answering(
                "\"items\": [{\"tokens\": 2, \"logits\": [2.0, -1.0], \"tokenLogits\": [], \"starts\": []}]"));
        assertThat(post(mvc, "{'probes': ['%s', '%s'], 'items': [{'prompt': 'p', 'text': 't'}]}"))
                .hasStatusOk()
                .hasContentType(MediaType.APPLICATION_JSON)
                .bodyJson()
                .isStrictlyEqualTo("""
                        {"object": "list", "data": [{"index": 0, "tokens": 2, "scores": [
                         {"probe": "%s", "probability": 0.8807970779778823, "logit": 2.0, "flagged": true},
                         {"probe": "%s", "probability": 0.2689414213699951, "logit": -1.0, "flagged": false}]}]}""".formatted(ids.get(0), ids.get(1)));
    }

    @Test
    void tokensAreScoredIfThatIsAskedFor() {
        MockMvcTester mvc = mvc(FakeScoreChild.answering(
                "\"items\": [{\"tokens\": 2, \"logits\": [0.0], \"tokenLogits\": [[0.0, 2.0]], \"starts\": [0, 4]}]"));
        assertThat(post(mvc, "{'probes': ['%s'], 'items': [{'text': 't'}], 'per_token': true}"))
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"data": [{"scores": [{"by_token": [
                         {"start": 0, "probability": 0.5, "logit": 0.0},
                         {"start": 4, "probability": 0.8807970779778823, "logit": 2.0}]}]}]}""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'probes'|400|malformed_json",
                "{}|422|missing_field",
                "{'probes': [], 'items': [{'text': 't'}]}|422|missing_field",
                "{'probes': ['%s']}|422|missing_field",
                "{'probes': ['%s'], 'items': []}|422|missing_field",
                "{'probes': ['%s'], 'items': [{}]}|422|missing_field",
                "{'probes': [null], 'items': [{'text': 't'}]}|422|wrong_type",
                "{'probes': ['%s'], 'items': [null]}|422|wrong_type",
                "{'probes': ['%s'], 'items': [{'text': 7}]}|422|wrong_type",
                "{'probes': ['%s'], 'items': [{'text': 't', 'label': 1}]}|422|unknown_field",
                "{'probes': ['%s'], 'items': [{'text': ''}]}|422|empty_text",
                "{'probes': ['%s'], 'items': [{'text': 'a'}, {'text': 'b'}, {'text': 'c'}, {'text': 'd'}]}|422|out_of_range",
                "{'probes': ['nothing'], 'items': [{'text': 't'}]}|404|not_found",
                "{'probes': ['%3$s'], 'items': [{'text': 't'}]}|422|tuned_model"
            })
    void whatCannotBeScoredIsRefusedBeforeAnythingIsRead(String json, int status, String code) {
        refuses(post(mvc(FakeScoreChild.running("exit 1")), json), status, code);
    }

    @Test
    void problemsNameTheirField() {
        assertThat(post(
                        mvc(FakeScoreChild.running("exit 1")),
                        "{'probes': ['%s'], 'items': [{'text': 'a'}, {'text': ''}]}"))
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo("items[1].text");
    }

    @Test
    void probesOfATrainedModelAreNamedByTheirPlace() {
        assertThat(post(
                        mvc(FakeScoreChild.running("exit 1")),
                        "{'probes': ['%1$s', '%3$s'], 'items': [{'text': 'a'}]}"))
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo("probes[1]");
    }

    @Test
    void bodiesThatAreTooLargeAreNotRead() {
        refuses(post(mvc(FakeScoreChild.running("exit 1")), "x".repeat(2000)), 413, "too_large");
    }

    @Test
    void aChildThatDiesIsATemporaryRefusal() {
        MvcTestResult result =
                post(mvc(FakeScoreChild.running("exit 1")), "{'probes': ['%s'], 'items': [{'text': 'a'}]}");
        refuses(result, 503, "scorer_unavailable");
        assertThat(result).containsHeader(HttpHeaders.RETRY_AFTER);
    }

    private MockMvcTester mvc(ScoreChild child) {
        children.add(child);
        ProbeCatalog catalog = new ProbeCatalog(probes, probes.store());
        TextScoring scoring = new TextScoring(catalog, child, Path.of("/files"), 3);
        ScoreController controller = new ScoreController(scoring, new Bodies(DataSize.ofKilobytes(1)));
        return MockMvcTester.of(
                List.of(controller),
                builder -> builder.setControllerAdvice(new ScoreErrors()).build());
    }

    private MvcTestResult post(MockMvcTester mvc, String json) {
        return mvc.post()
                .uri("/v1/score")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.replace('\'', '"').formatted(ids.get(0), ids.get(1), ids.get(2)))
                .exchange();
    }

    private static void refuses(MvcTestResult result, int status, String code) {
        assertThat(result)
                .hasStatus(status)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo(code);
    }
}
