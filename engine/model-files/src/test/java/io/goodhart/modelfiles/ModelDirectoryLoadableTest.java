package io.goodhart.modelfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryLoadableTest {
    private static final Path SOURCE = Fixtures.path("lm/gpt2");

    @TempDir
    Path directory;

    @BeforeEach
    void copy() throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "generation_config.json")) {
            Files.copy(SOURCE.resolve(name), directory.resolve(name));
        }
    }

    @Test
    void soundModelIsLoadable() throws IOException {
        ModelDirectory.open(directory).requireLoadable();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300})
    void weightThatIsNotFiniteInFloat32IsNamed(double value) throws IOException {
        List<String> names;
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(SOURCE)) {
            names = List.copyOf(file.names());
            for (String name : names) {
                double[] values = file.doubles(name);
                values[values.length - 1] = name.equals(names.getLast()) ? value : values[values.length - 1];
                writer.add(name, values, file.info(name).dimensions());
            }
            writer.writeTo(directory.resolve("model.safetensors"));
        }

        assertRefused("weights_not_finite", names.getLast());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"tokenizer.json|{}", "tokenizer.json|[]", "tokenizer_config.json|{"})
    void tokenizerThatCannotBeOpenedIsNamed(String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content);

        assertRefused("tokenizer_invalid", file);
    }

    private void assertRefused(String code, String field) throws IOException {
        ModelDirectory opened = ModelDirectory.open(directory);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(opened::requireLoadable)
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Problem::code, Problem::field)
                        .containsExactly(tuple(code, field)));
    }

    @Test
    void ofManyTensorsThatDoNotFitTheFirstAreNamed() throws IOException {
        Path config = directory.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\"n_layer\": \\d+", "\"n_layer\": 4000"));

        List<Problem> problems = ModelDirectory.problems(directory);

        assertThat(problems).hasSize(21);
        assertThat(problems.getFirst().code()).isEqualTo("weights_missing_key");
        assertThat(problems.getLast().field()).isEqualTo("config.json");
        assertThat(problems.getLast().message()).containsPattern("\\d{5} more tensors do not fit");
    }
}
