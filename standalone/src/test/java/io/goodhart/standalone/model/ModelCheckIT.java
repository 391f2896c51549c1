package io.goodhart.standalone.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.standalone.model.ModelCheckMain.Form;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelCheckIT {
    private static final Path GPT2 = Fixtures.path("lm/gpt2");

    @TempDir
    Path directory;

    @BeforeAll
    static void prepare() {
        ComputeThread.prepare(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expected.safetensors", "expected.json", ""})
    void aSoundModelIsWithinTolerance(String expected) throws IOException {
        ModelCheck check = ModelCheck.of(GPT2, Optional.of(expected.isEmpty() ? GPT2 : GPT2.resolve(expected)));
        assertThat(check.exitStatus()).isZero();
        assertThat(CheckText.lines(check)).last().asString().matches("All \\d+ tensors are within tolerance\\.");
        JsonNode json = JsonMapper.shared().readTree(CheckJson.text(check));
        assertThat(json.path("status").asString()).isEqualTo("ok");
        assertThat(json.at("/model/family").asString()).isEqualTo("gpt2");
        assertThat(json.at("/parity/within").asBoolean()).isTrue();
        assertThat(json.at("/parity/rows").size()).isGreaterThan(10);
    }

    /** A weight of the last tensor: 1 is far away, and NaN is no number at all. */
    @ParameterizedTest
    @ValueSource(floats = {1, Float.NaN})
    void aChangedWeightIsSeen(float weight) throws IOException {
        copy(GPT2);
        try (var file =
                new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
            file.seek(file.length() - Float.BYTES);
            file.writeInt(Integer.reverseBytes(Float.floatToIntBits(weight)));
        }
        ModelCheck check = ModelCheck.of(directory, Optional.of(GPT2));
        assertThat(check.exitStatus()).isBetween(1, 2);
        assertThat(String.join("\n", CheckText.lines(check))).containsAnyOf("OUTSIDE", "cannot be used");
        assertThat(JsonMapper.shared()
                        .readTree(CheckJson.text(check))
                        .path("status")
                        .asString())
                .isNotEqualTo("ok");
    }

    @Test
    void aTokenizerThatCannotBeOpenedIsNamed() throws IOException {
        copy(Fixtures.path("lm/gpt2"));
        Files.writeString(directory.resolve("tokenizer.json"), "{}");

        ModelCheck check = ModelCheck.of(directory, Optional.empty());

        assertThat(check.exitStatus()).isEqualTo(2);
        assertThat(CheckText.lines(check)).last().asString().contains("tokenizer.json: ", "[tokenizer_invalid]");
    }

    @ParameterizedTest
    @CsvSource({
        "broken-extra-key, weights_unexpected_key",
        "broken-missing-key, weights_missing_key",
        "broken-truncated, weights_invalid",
        "broken-unsupported-architecture, model_not_supported",
        "broken-wrong-shape, weights_wrong_shape"
    })
    void aBrokenDirectoryNamesEachProblemWithItsField(String name, String code) throws IOException {
        ModelCheck check = ModelCheck.of(Fixtures.path("lm/" + name), Optional.empty());
        assertThat(check.exitStatus()).isEqualTo(2);
        assertThat(CheckText.lines(check)).last().asString().contains(": ", "[" + code + "]");
        JsonNode json = JsonMapper.shared().readTree(CheckJson.text(check));
        assertThat(json.at("/problems/0/code").asString()).isEqualTo(code);
        assertThat(json.at("/problems/0/field").asString()).isNotEmpty();
    }

    @Test
    void aReferenceOfAnotherModelOrNoneIsRefused() throws IOException {
        assertThat(ModelCheck.of(GPT2, Optional.of(Fixtures.path("lm/gemma3"))).exitStatus())
                .isPositive();
        assertThat(ModelCheck.of(GPT2, Optional.of(directory.resolve("none.safetensors")))
                        .exitStatus())
                .isEqualTo(2);
        assertThat(ModelCheck.of(directory.resolve("none"), Optional.empty()).exitStatus())
                .isEqualTo(2);
    }

    @Test
    void theProcessEndsWithTheStatus() throws Exception {
        assertThat(status(GPT2, Optional.empty(), Form.TEXT)).isZero();
        assertThat(status(Fixtures.path("lm/broken-truncated"), Optional.of(GPT2), Form.JSON))
                .isEqualTo(2);
    }

    private static int status(Path model, Optional<Path> expected, Form form) throws Exception {
        return ModelCheckMain.process(model, expected, form, 1)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }
}
