package io.goodhart.lm.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters whose files are damaged, or are another model's. */
class BrokenAdapterTest {
    private static final Path SOURCE = Fixtures.path("lm/gemma3/adapters/lora-all");

    @TempDir
    Path directory;

    @BeforeEach
    void copy() throws IOException {
        Files.copy(SOURCE.resolve(LoraFiles.CONFIG), directory.resolve(LoraFiles.CONFIG));
        Files.copy(SOURCE.resolve(LoraFiles.WEIGHTS), directory.resolve(LoraFiles.WEIGHTS));
    }

    @Test
    void adapterOfAnotherModelIsRefusedByTheModulesThatTheModelLacks() {
        assertRefused("lm/gpt2", "unknown_target_module", "q_proj");
    }

    @Test
    void anotherRankThanTheTensorsHaveIsRefused() throws IOException {
        Path config = directory.resolve(LoraFiles.CONFIG);
        Files.writeString(config, Files.readString(config).replace("\"r\": 4", "\"r\": 2147483647"));

        assertRefused("lm/gemma3", "adapter_invalid", "the model asks for [2147483647");
    }

    @Test
    void wholeNumbersAreNoAdapter() throws IOException {
        write(writer -> (name, values, shape) -> writer.add(name, new long[values.length], shape));

        assertRefused("lm/gemma3", "adapter_invalid", "holds I64");
    }

    @Test
    void valueThatIsNotFiniteIsNamed() throws IOException {
        write(writer -> (name, values, shape) -> {
            values[0] = Float.NaN;
            writer.add(name, values, shape);
        });

        assertRefused("lm/gemma3", "weights_not_finite", "NaN");
    }

    @Test
    void cutOrMissingFilesAreNamed() throws IOException {
        Path weights = directory.resolve(LoraFiles.WEIGHTS);
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, whole.length - 8));
        assertRefused("lm/gemma3", "weights_invalid", "is truncated");
        Files.delete(weights);
        assertRefused("lm/gemma3", "weights_missing", LoraFiles.WEIGHTS);
        Files.delete(directory.resolve(LoraFiles.CONFIG));
        assertRefused("lm/gemma3", "adapter_invalid", LoraFiles.CONFIG);
    }

    private interface Addition {
        void add(String name, float[] values, long[] shape);
    }

    private interface Change {
        Addition to(SafetensorsWriter writer);
    }

    /** Writes the tensors anew, changed. */
    private void write(Change change) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        Addition addition = change.to(writer);
        try (SafetensorsFile file = SafetensorsFile.open(SOURCE.resolve(LoraFiles.WEIGHTS))) {
            file.names()
                    .forEach(name -> addition.add(
                            name, file.floats(name), file.info(name).dimensions()));
        }
        writer.writeTo(directory.resolve(LoraFiles.WEIGHTS));
    }

    private void assertRefused(String model, String code, String message) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> LoraFiles.load(
                        directory, ModelDirectory.open(Fixtures.path(model)).weights()))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(code);
                    assertThat(refused).hasMessageContaining(message);
                });
    }
}
