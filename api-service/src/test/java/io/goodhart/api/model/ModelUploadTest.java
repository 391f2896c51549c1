package io.goodhart.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.facts.DatasetNames;
import io.goodhart.api.facts.FactsConfiguration;
import io.goodhart.api.fake.ApiSlice;
import io.goodhart.api.fake.FakeModels;
import io.goodhart.api.fake.SampleArchives;
import io.goodhart.api.fake.SampleFiles;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.storage.ArtifactStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@WebMvcTest(ModelController.class)
@Import({
    ApiSlice.class,
    ModelConfiguration.class,
    ModelUploads.class,
    Registrations.class,
    RegisteredModels.class,
    FactsConfiguration.class,
    ModelUploadTest.NoDatasets.class
})
class ModelUploadTest {
    private static final int MOST = 8 << 20;
    private static final byte[] MODEL = SampleArchives.zip("models/gemma3");

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private FakeModels models;

    @Autowired
    private ArtifactStore store;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("goodhart.files.root", () -> SampleFiles.root().toString());
        registry.add("goodhart.models.cache", () -> "uploaded");
        registry.add("goodhart.models.max-size", () -> MOST + "B");
    }

    @Test
    void anUploadedArchiveIsRegisteredAndIsFoundByItsSource() throws InterruptedException {
        MvcTestResult accepted = upload(MODEL, Hashes.sha256(MODEL));
        assertThat(accepted).hasStatus(202);
        String source = body(accepted).get("source").asString();
        assertThat(source).isEqualTo("artifact://" + Hashes.sha256(MODEL));

        JsonNode ready = ended(String.valueOf(accepted.getResponse().getHeader("Location")));
        assertThat(ready.get("state").asString()).as(ready.toString()).isEqualTo("ready");
        assertThat(ready.at("/facts/layers").asInt()).isEqualTo(7);
        assertThat(body(register(source)).get("id")).isEqualTo(ready.get("id"));
    }

    @Test
    void sumOfAnUploadMayBeWrittenInCapitals() {
        assertThat(upload(MODEL, Hashes.sha256(MODEL).toUpperCase(Locale.ROOT))).hasStatus(202);
    }

    @Test
    void anUploadedModelThatCannotBeUsedLeavesNothingInTheCache() throws InterruptedException {
        byte[] broken = SampleArchives.zip("models/broken-missing-key");
        MvcTestResult accepted = upload(broken, null);

        JsonNode failed = ended(String.valueOf(accepted.getResponse().getHeader("Location")));

        assertThat(failed.get("state").asString()).isEqualTo("failed");
        assertThat(failed.at("/problems/0/code").asString()).isEqualTo("weights_missing_key");
        assertThat(SampleFiles.root().resolve("uploaded/archive").resolve(Hashes.sha256(broken)))
                .doesNotExist();
    }

    private JsonNode ended(String path) throws InterruptedException {
        JsonNode model = body(mvc.get().uri(path).exchange());
        for (int i = 0; i < 600 && model.get("state").asString().equals("registering"); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
            model = body(mvc.get().uri(path).exchange());
        }
        return model;
    }

    static Stream<Arguments> bad() {
        byte[] nothing = new byte[0];
        byte[] text = ("no archive, " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of(nothing, null, "archive_invalid", "file"),
                Arguments.of(text, null, "archive_invalid", "file"),
                Arguments.of(Arrays.copyOf(MODEL, MODEL.length / 2), null, "archive_invalid", "file"),
                Arguments.of(SampleArchives.zipOf("readme.md"), null, "archive_invalid", "file"),
                Arguments.of(SampleArchives.zipOf("../config.json"), null, "archive_unsafe", "file"),
                Arguments.of(SampleArchives.zip("models/roberta"), "ab".repeat(32), "checksum_mismatch", "sha256"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadArchiveIsRefusedAndNothingIsKept(byte[] bytes, @Nullable String sha256, String code, String field)
            throws IOException {
        int before = models.list(100, null).items().size();
        MvcTestResult refused = upload(bytes, sha256);

        assertThat(refused).hasStatus(422);
        assertThat(body(refused).at("/errors/0/code").asString()).isEqualTo(code);
        assertThat(body(refused).at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(models.list(100, null).items()).hasSize(before);
        assertThat(store.contains(new ArtifactId(Hashes.sha256(bytes)))).isFalse();
        assertThat(bytes.length == 0 ? List.of() : temporaryCopies(bytes)).isEmpty(); // empty files are others'
    }

    /** Temporary files that hold just these bytes, as no other process's do. */
    private static List<Path> temporaryCopies(byte[] bytes) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> holds(file, bytes)).toList();
        }
    }

    private static boolean holds(Path file, byte[] bytes) {
        try {
            return Files.isRegularFile(file)
                    && Files.size(file) == bytes.length
                    && Arrays.equals(Files.readAllBytes(file), bytes);
        } catch (IOException e) {
            return false; // another process's, which is gone by now
        }
    }

    @Test
    void anArchiveThatIsTooLargeIsRefused() {
        MvcTestResult refused = upload(new byte[MOST + 1], null);
        assertThat(refused).hasStatus(413);
        assertThat(body(refused).get("detail").asString()).contains("goodhart.models.max-size");
    }

    @Test
    void aFormWithoutAFileAndAnArtifactThatIsNotHereAreRefused() {
        MvcTestResult empty =
                mvc.perform(MockMvcRequestBuilders.multipart("/v1/models").param("name", "x"));
        assertThat(body(empty).at("/errors/0/code").asString()).isEqualTo("missing_field");
        MvcTestResult absent = register("artifact://" + "ab".repeat(32));
        assertThat(absent).hasStatus(422);
        assertThat(body(absent).at("/errors/0/code").asString()).isEqualTo("artifact_not_found");
        assertThat(body(absent).at("/errors/0/field").asString()).isEqualTo("source");
    }

    private MvcTestResult register(String source) {
        return mvc.post()
                .uri("/v1/models")
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"source\": \"%s\"}".formatted(source))
                .exchange();
    }

    private MvcTestResult upload(byte[] content, @Nullable String sha256) {
        var request = MockMvcRequestBuilders.multipart("/v1/models")
                .file(new MockMultipartFile("file", "model.zip", null, content));
        return mvc.perform(sha256 == null ? request : request.param("sha256", sha256));
    }

    private static JsonNode body(MvcTestResult result) {
        return JsonMapper.shared().readTree(result.getResponse().getContentAsByteArray());
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class NoDatasets {
        @Bean
        DatasetNames datasetNames() {
            return new DatasetNames() {
                @Override
                public Optional<Named> find(String text) {
                    return Optional.empty();
                }

                @Override
                public List<String> names() {
                    return List.of();
                }
            };
        }
    }
}
