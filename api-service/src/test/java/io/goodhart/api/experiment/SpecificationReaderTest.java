package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

class SpecificationReaderTest {
    private static final MediaType YAML = MediaType.parseMediaType("application/yaml");

    @Test
    void everyExperimentOfTheProjectCanBeRead() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.root().resolve("experiments"))) {
            List<Path> specifications =
                    files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertThat(specifications).isNotEmpty();
            for (Path file : specifications) {
                assertThat(SpecificationReader.read(Files.readAllBytes(file), YAML)
                                .arms())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void scalarsAreThoseOfJson() {
        assertThat(YamlTree.read("[5e-4, 1e4, .5, -3, 0, yes, 12:30, 2026-01-01, 010, null, ~, true, 'true', 1.0]"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        5e-4, 1e4, 0.5, -3, 0, "yes", "12:30", "2026-01-01", 10.0, null, null, true, "true", 1.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [",
                "a: 1\na: 2",
                "!!java.net.URL [\"http://localhost\"]",
                "a: *b",
                "a: 1\n---\nb: 2",
                "\t- x"
            })
    void whatIsNotOnePlainDocumentIsRefused(String text) {
        assertThatThrownBy(() -> YamlTree.read(text))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("malformed_yaml"));
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(8)));
        }
        assertThatThrownBy(() -> YamlTree.read(bomb.toString())).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aSyntaxErrorNamesItsLine() {
        assertThatThrownBy(() -> YamlTree.read("a: 1\nb: [\n")).hasMessageContaining("line 3");
    }

    @Test
    void nestedBombsOfListsAreRefused() {
        assertThatThrownBy(() -> YamlTree.read("[".repeat(5000))).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "3", "\"spec\"", "null"})
    void aSpecificationIsAnObject(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("wrong_type"));
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> SpecificationReader.read(new byte[] {(byte) 0xff, '{', '}'}, YAML))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aListWithAWrongElementIsNamedOnceAndNotCalledMissing() {
        assertThatThrownBy(() -> read(SampleSpecs.with("/seeds", "[1, \"two\"]")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.problems())
                                .singleElement()
                                .satisfies(problem -> {
                                    assertThat(problem.code()).isEqualTo("wrong_type");
                                    assertThat(problem.field()).startsWith("seeds");
                                }));
    }

    @Test
    void everyMissingFieldIsNamedBesideWhatIsWrongElsewhere() {
        assertThatThrownBy(() -> read("{\"name\": 3, \"arms\": {\"a\": {\"method\": \"dpo\"}, \"b\": {}}}"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.problems())
                                .extracting(problem -> problem.code() + " " + problem.field())
                                .containsExactlyInAnyOrder(
                                        "missing_field spec_version",
                                        "wrong_type name",
                                        "missing_field model",
                                        "missing_field behaviour",
                                        "missing_field prompts",
                                        "missing_field probes",
                                        "missing_field seeds",
                                        "missing_field arms.a.label_by",
                                        "missing_field arms.b.method"));
    }

    @Test
    void readingEndsWhateverIsSent() {
        assertThatThrownBy(() -> read("{}")).isInstanceOf(InvalidInputException.class);
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 200; i++) {
            many.append("\"field%d\": 1, ".formatted(i));
        }
        assertThatThrownBy(() -> read(many + "\"name\": 3}"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.problems()).hasSizeGreaterThan(50));
    }

    @Test
    void aMapInYamlIsAMap() {
        assertThat(YamlTree.read("a: {b: c}")).isEqualTo(Map.of("a", Map.of("b", "c")));
    }

    private static Object read(String json) {
        return SpecificationReader.read(json.getBytes(StandardCharsets.UTF_8), MediaType.APPLICATION_JSON);
    }
}
