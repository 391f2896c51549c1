package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.files.FilesRoot;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.ValueRules;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/** The experiments that ship with the project: those on the bundled model are accepted as they are. */
@Import(ShippedExperimentsTest.BundledFiles.class)
class ShippedExperimentsTest extends ExperimentSliceTest {
    /** The project's own models and data. */
    @TestConfiguration(proxyBeanMethods = false)
    static class BundledFiles {
        @Bean
        @Primary
        FilesRoot bundledFilesRoot() {
            return new FilesRoot(Fixtures.root());
        }
    }

    static Stream<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.root().resolve("experiments"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    static Stream<Path> onTheBundledModel() throws IOException {
        return all().filter(file -> read(file).model().startsWith("models/"));
    }

    private static ExperimentSpec read(Path file) {
        try {
            return SpecificationReader.read(Files.readAllBytes(file), MediaType.parseMediaType("application/yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyValueIsInRange(Path file) {
        assertThat(ValueRules.check(read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("onTheBundledModel")
    void bundledModelAndDataFit(Path file) throws IOException {
        JsonNode answer = body(mvc.post()
                .uri("/v1/experiments/validate")
                .contentType(MediaType.parseMediaType("application/yaml"))
                .content(Files.readAllBytes(file))
                .exchange());
        assertThat(answer.get("problems")).as(answer.get("problems").toString()).isEmpty();
        assertThat(answer.at("/plan/tasks").asInt()).isPositive();
    }
}
