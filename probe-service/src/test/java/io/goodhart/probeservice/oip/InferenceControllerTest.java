package io.goodhart.probeservice.oip;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.experiment.ProbeId;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.probeservice.catalog.ProbeCatalog;
import io.goodhart.probeservice.fake.FakeProbes;
import io.goodhart.probeservice.fake.SampleProbes;
import io.goodhart.probeservice.oip.ServiceHealth.Group;
import io.goodhart.probeservice.refusal.Bodies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.util.unit.DataSize;

class InferenceControllerTest {
    private static final byte[] REQUEST = Requests.plain("[1,3]", "FP32", "[1, 0.5, 0.5]");

    @TempDir
    private Path directory;

    private final Set<Group> up = EnumSet.allOf(Group.class);
    private FakeProbes probes;
    private String probe;
    private MockMvcTester mvc;

    @BeforeEach
    void start() throws IOException {
        probes = new FakeProbes(directory);
        List<ProbeId> ids = probes.add(List.of(
                SampleProbes.ofThreeFeatures(ProbeRole.TRAIN), SampleProbes.ofThreeFeatures(ProbeRole.HELD_OUT)));
        probe = "/v2/models/" + ids.getLast();
        ProbeCatalog catalog = new ProbeCatalog(probes, probes.store());
        InferenceController controller =
                new InferenceController(catalog, new Bodies(DataSize.ofKilobytes(1)), up::contains);
        mvc = MockMvcTester.of(
                List.of(controller),
                builder -> builder.setControllerAdvice(new InferenceErrors()).build());
    }

    @Test
    void theServerListsItsExtensions() {
        assertThat(mvc.get().uri("/v2")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                {"name": "goodhart", "version": "0.1.0", "extensions": ["binary_tensor_data"]}""");
    }

    @Test
    void healthIsTheServices() {
        assertThat(mvc.get().uri("/v2/health/live")).hasStatusOk().bodyJson().isStrictlyEqualTo("{\"live\": true}");
        assertThat(mvc.get().uri("/v2/health/ready")).hasStatusOk();
        up.remove(Group.READY);
        assertThat(mvc.get().uri("/v2/health/ready")).hasStatus(503).bodyJson().isStrictlyEqualTo("{\"ready\": false}");
        assertThat(mvc.get().uri("/v2/health/live")).hasStatusOk();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/versions/1"})
    void aProbeIsDescribed(String version) {
        assertThat(mvc.get().uri(probe + version)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                {"versions": ["1"], "platform": "goodhart_probe",
                 "inputs": [{"name": "activations", "datatype": "FP32", "shape": [-1, 3]}],
                 "outputs": [{"name": "probability", "datatype": "FP64", "shape": [-1]},
                             {"name": "logit", "datatype": "FP64", "shape": [-1]},
                             {"name": "flagged", "datatype": "BOOL", "shape": [-1]}],
                 "parameters": {"role": "held_out", "model": "models/m", "site": "resid_post", "layer": 2,
                                "pooling": "mean", "threshold": 0.75}}""");
        assertThat(mvc.get().uri(probe + version + "/ready")).hasStatusOk();
    }

    @Test
    void activationsAreRead() {
        assertThat(post(probe + "/infer", REQUEST))
                .hasStatusOk()
                .hasContentType(MediaType.APPLICATION_JSON)
                .doesNotContainHeader(InferenceController.HEADER_LENGTH)
                .bodyJson()
                .extractingPath("$.outputs[1].data[0]")
                .isEqualTo(1.0);
        assertThat(post(probe + "/versions/1/infer", REQUEST)).hasStatusOk();
    }

    @Test
    void tokensOfATextHaveOneScoreByTheAggregationThatIsAskedFor() throws IOException {
        String tokens = "/v2/models/"
                + probes.add(List.of(SampleProbes.ofTokensOfThreeFeatures())).getFirst();
        assertThat(mvc.get().uri(tokens)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                {"outputs": [{"shape": [1]}, {"shape": [1]}, {"shape": [1]}],
                 "parameters": {"kind": "logistic", "site": "final_norm", "pooling": "per_token", "aggregation": "max",
                                "aggregations": ["mean", "max"], "slope": 2.0, "intercept": -1.0, "threshold": 0.75}}""");
        String rows = "[[1, 0.5, 0.5], [1, 0.5, 1.5]]"; // log-odds 1 and −2
        assertThat(post(tokens + "/infer", Requests.plain("[2,3]", "FP32", rows)))
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"outputs": [{"name": "probability", "shape": [1], "data": [0.7310585786300049]},
                                     {"name": "logit", "data": [1.0]}, {"name": "flagged", "data": [false]}]}""");
        assertThat(post(tokens + "/infer", aggregated("mean", rows)))
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"outputs": [{"name": "probability"}, {"name": "logit", "data": [-0.5]},
                                     {"name": "flagged", "data": [true]}]}""");
        assertThat(post(tokens + "/infer", aggregated("attention", rows)))
                .hasStatus(400)
                .bodyText()
                .contains("is not scored by attention");
        assertThat(post(tokens + "/infer", aggregated("median", rows)))
                .hasStatus(400)
                .bodyText()
                .contains("There is no aggregation");
        assertThat(post(probe + "/infer", aggregated("mean", rows)))
                .hasStatus(400)
                .bodyText()
                .contains("reads pooled activations");
    }

    private static byte[] aggregated(String name, String rows) {
        return Requests.json("""
                {'parameters': {'aggregation': '%s'}, 'inputs': [{'name': 'activations', 'shape': [2, 3],
                 'datatype': 'FP32', 'data': %s}]}""".formatted(name, rows));
    }

    @Test
    void binaryAnswersSayHowLongTheirJsonIs() {
        byte[] json = Requests.json("""
                {'parameters': {'binary_data_output': true}, 'inputs': [{'name': 'activations', 'shape': [1, 3],
                 'datatype': 'BF16', 'parameters': {'binary_data_size': 6}}]}""");
        MvcTestResult result = mvc.post()
                .uri(probe + "/infer")
                .header(InferenceController.HEADER_LENGTH, json.length)
                .content(Requests.withTail(json, "803f 003f 003f"))
                .exchange();
        assertThat(result).hasStatusOk().hasContentType(MediaType.APPLICATION_OCTET_STREAM);
        int length = Integer.parseInt(result.getResponse().getHeader(InferenceController.HEADER_LENGTH));
        assertThat(result.getResponse().getContentAsByteArray()).hasSize(length + 8 + 8 + 1);
    }

    @Test
    void refusalsAreAnObjectWithError() {
        refuses(post(probe + "/infer", Requests.json("{'inputs'")), 400, "not JSON");
        refuses(post(probe + "/infer", new byte[0]), 400, "Exactly one input");
        refuses(post(probe + "/infer", Requests.plain("[1,2]", "FP32", "[1,2]")), 400, "[N, 3]");
        refuses(post(probe + "/infer", new byte[2000]), 413, "at most 1024 bytes");
        refuses(
                mvc.post()
                        .uri(probe + "/infer")
                        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                        .exchange(),
                415,
                "Compressed");
        refuses(
                mvc.post()
                        .uri(probe + "/infer")
                        .header(InferenceController.HEADER_LENGTH, "ten")
                        .exchange(),
                400,
                "got ten");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/nothing",
                "/v2/models/00000000-0000-0000-0000-000000000000/ready",
                "/v2/models/a/b/c",
                "/v2/repository/index"
            })
    void whatIsNotThereHasAnErrorToo(String path) {
        refuses(mvc.get().uri(path).exchange(), 404, "There is no");
    }

    @Test
    void aProbeHasOneVersion() {
        refuses(mvc.get().uri(probe + "/versions/2").exchange(), 404, "version 1 only");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNoFaultOfTheCaller() {
        probes.disconnect();
        MvcTestResult result = mvc.get().uri(probe).exchange();
        refuses(result, 503, "database");
        assertThat(result).containsHeader(HttpHeaders.RETRY_AFTER);
    }

    @Test
    void nothingInternalIsInTheAnswerToABug() throws IOException {
        try (var files = Files.walk(directory.resolve("artifacts"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "damaged");
            }
        }
        refuses(mvc.get().uri(probe).exchange(), 500, "bug of the service");
    }

    private MvcTestResult post(String path, byte[] body) {
        return mvc.post().uri(path).content(body).exchange();
    }

    private static void refuses(MvcTestResult result, int status, String message) {
        assertThat(result)
                .hasStatus(status)
                .hasContentType(MediaType.APPLICATION_JSON)
                .bodyJson()
                .extractingPath("$.error")
                .asString()
                .contains(message);
    }
}
