package io.goodhart.lm.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.safetensors.StoredType;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    @Test
    void everyExpectedTensorOfADecoderIsComparedAndWithin() throws IOException {
        ParityReport report =
                Parity.of(Fixtures.path("lm/small/gemma2"), Fixtures.path("lm/small/gemma2/expected.safetensors"));
        assertThat(report.family()).isEqualTo("gemma2");
        assertThat(report.noiseFloor().orElseThrow()).isBetween(1e-7, 2e-5);
        assertThat(report.rows()).allMatch(ParityRow::within).hasSizeGreaterThan(25);
        assertThat(report.unread()).isEmpty();
        assertThat(report.within()).isTrue();
    }

    @Test
    void everyExpectedTensorOfAClassifierIsComparedAndWithin() throws IOException {
        ParityReport report = Parity.of(Fixtures.path("lm/small/roberta"), Fixtures.path("lm/small/roberta"));
        assertThat(report.rows())
                .extracting(ParityRow::name)
                .contains("single.logits", "pair.logits", "single.probabilities", "single.hidden.2");
        assertThat(report.rows()).allMatch(ParityRow::within);
        assertThat(report.unread()).isEmpty();
    }

    @Test
    void aValueThatIsOffIsFoundByNameAndNothingElseIs() throws IOException {
        Path reference = changed("mlp_out.1", 10, 0.01f);
        ParityReport report = Parity.of(Fixtures.path("lm/small/gpt2-inverse"), reference);
        assertThat(report.within()).isFalse();
        assertThat(report.rows())
                .filteredOn(row -> !row.within())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.name()).isEqualTo("mlp_out.1");
                    assertThat(row.maxDifference()).isBetween(0.0099, 0.0101);
                    assertThat(row.ratio()).isEqualTo(row.maxDifference() / row.scale());
                });
    }

    @Test
    void aValueThatIsNoNumberIsNotWithin() throws IOException {
        ParityReport report = Parity.of(Fixtures.path("lm/small/gpt2-inverse"), changed("mlp_out.1", 10, Float.NaN));
        assertThat(report.rows())
                .filteredOn(row -> !row.within())
                .singleElement()
                .satisfies(row -> assertThat(row.maxDifference()).isInfinite());
    }

    @Test
    void aReferenceForAnotherModelIsRefused() {
        assertThatThrownBy(() -> Parity.of(Fixtures.path("lm/small/gpt2-inverse"), Fixtures.path("lm/small/gemma2")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Parity.of(Fixtures.path("lm/small/gpt2-inverse"), directory))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected.safetensors");
        assertThatThrownBy(() -> Parity.of(
                        Fixtures.path("lm/small/gpt2-inverse"), Fixtures.path("lm/small/gpt2-inverse/expected.json")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected.json");
    }

    /** GPT-2's expected values with one of them changed by a small number. */
    private Path changed(String tensor, int index, float by) throws IOException {
        Path source = Fixtures.path("lm/small/gpt2-inverse");
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(source.resolve("expected.safetensors"))) {
            for (String name : file.names()) {
                long[] shape = file.info(name).dimensions();
                if (file.info(name).type() == StoredType.I64) {
                    writer.add(name, file.longs(name), shape);
                } else {
                    float[] values = file.floats(name);
                    values[name.equals(tensor) ? index : 0] += name.equals(tensor) ? by : 0;
                    writer.add(name, values, shape);
                }
            }
        }
        writer.writeTo(directory.resolve("expected.safetensors"));
        Files.copy(source.resolve("expected.json"), directory.resolve("expected.json"));
        return directory;
    }
}
