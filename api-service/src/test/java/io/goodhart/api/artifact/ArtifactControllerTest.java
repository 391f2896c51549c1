package io.goodhart.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.ApiSlice;
import io.goodhart.api.fake.FakeArtifacts;
import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.storage.DirectoryArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@WebMvcTest(ArtifactController.class)
@Import(ApiSlice.class)
class ArtifactControllerTest {
    private static final String CONTENT = "{\"layer\": 3}";

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private FakeArtifacts artifacts;

    @Autowired
    private DirectoryArtifactStore store;

    private String path = "";

    @BeforeEach
    void store() throws IOException {
        byte[] bytes = CONTENT.getBytes(StandardCharsets.UTF_8);
        ArtifactId id = store.put(new ByteArrayInputStream(bytes));
        artifacts.add(new Output(id, bytes.length, "application/json"));
        path = "/v1/artifacts/" + id;
    }

    @Test
    void anArtifactComesWithItsTypeItsHashAndForEver() throws IOException {
        MvcTestResult result = mvc.get().uri(path).exchange();
        assertThat(result).hasStatusOk().hasContentTypeCompatibleWith("application/json");
        assertThat(result.getResponse().getContentAsString()).isEqualTo(CONTENT);
        assertThat(result.getResponse().getHeader("ETag")).contains(path.substring(path.lastIndexOf('/') + 1));
        assertThat(result.getResponse().getHeader("Cache-Control")).contains("immutable");
        assertThat(result.getResponse().getHeader("Content-Disposition")).endsWith(".json\"");
    }

    @Test
    void aPartIsSentIfAPartIsAskedFor() throws IOException {
        MvcTestResult result = mvc.get().uri(path).header("Range", "bytes=2-6").exchange();
        assertThat(result).hasStatus(206);
        assertThat(result.getResponse().getContentAsString()).isEqualTo("layer");
        assertThat(mvc.get().uri(path).header("Range", "bytes=900-").exchange()).hasStatus(416);
    }

    @Test
    void whoHasItAlreadyIsToldSo() {
        String etag =
                String.valueOf(mvc.get().uri(path).exchange().getResponse().getHeader("ETag"));
        MvcTestResult result = mvc.get().uri(path).header("If-None-Match", etag).exchange();
        assertThat(result).hasStatus(304);
        assertThat(result.getResponse().getContentAsByteArray()).isEmpty();
    }

    @Test
    void whatNoTaskGaveIsNotFound() {
        assertThat(mvc.get().uri("/v1/artifacts/" + "0".repeat(64)).exchange()).hasStatus(404);
        assertThat(mvc.get().uri("/v1/artifacts/..%2F..%2Fetc").exchange()).hasStatus(404);
        assertThat(mvc.get().uri("/v1/artifacts/ABC").exchange()).hasStatus(404);
    }

    @Test
    void theDirectoryIsReadStrictly() {
        ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Properties.class);
        runner.run(context ->
                assertThat(context.getBean(StorageProperties.class).path()).isEqualTo(Path.of("artifacts")));
        runner.withPropertyValues("goodhart.storage.directory=/srv/a")
                .run(context -> assertThat(
                                context.getBean(StorageProperties.class).path())
                        .isEqualTo(Path.of("/srv/a")));
        runner.withPropertyValues("goodhart.storage.dir=/srv/a")
                .run(context -> assertThat(context).hasFailed());
    }

    @EnableConfigurationProperties(StorageProperties.class)
    static class Properties {}
}
