package io.goodhart.probing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeFileTest {
    private static final ModelRevision MODEL = new ModelRevision("models/tiny", "0f".repeat(32));

    @TempDir
    private Path folder;

    @Test
    void whatIsReadIsExactlyWhatWasWritten() throws IOException {
        List<Probe> probes = List.of(
                probe("train-0", ProbeRole.TRAIN, Site.RESID_POST, 20, 1 / 3.0),
                probe("held-out-1", ProbeRole.HELD_OUT, Site.FINAL_NORM, 0, Math.PI));
        Path path = folder.resolve("probes.safetensors");
        ProbeFile.write(path, probes);
        assertThat(ProbeFile.read(path)).isEqualTo(probes);
    }

    @Test
    void theSameSetGivesTheSameBytes() throws IOException {
        List<Probe> probes = List.of(probe("a", ProbeRole.RETRAINED, Site.MLP_OUT, 3, 0.1));
        ProbeFile.write(folder.resolve("one"), probes);
        ProbeFile.write(folder.resolve("two"), probes);
        assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("two"));
    }

    @Test
    void noProbesAreAFileToo() throws IOException {
        ProbeFile.write(folder.resolve("none"), List.of());
        assertThat(ProbeFile.read(folder.resolve("none"))).isEmpty();
    }

    @Test
    void theHeaderDescribesTheProbesAndCarriesFoldedWeights() throws IOException {
        Probe probe = probe("train-0", ProbeRole.TRAIN, Site.RESID_POST, 20, 0.7);
        Path path = folder.resolve("probes.safetensors");
        ProbeFile.write(path, List.of(probe));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata())
                    .containsEntry("format", "goodhart-probes-2")
                    .containsEntry("probes", "1")
                    .containsEntry("0.name", "train-0")
                    .containsEntry("0.role", "train")
                    .containsEntry("0.kind", "logistic")
                    .containsEntry("0.site", "resid_post")
                    .containsEntry("0.layer", "20")
                    .containsEntry("0.pooling", "mean")
                    .containsEntry("0.aggregation", "mean")
                    .containsEntry("0.model", "models/tiny");
            assertThat(DenseVector.of(file.doubles("0.folded_weight")))
                    .isEqualTo(probe.fit().linear().orElseThrow().foldedWeight());
        }
    }

    @Test
    void everyKindIsReadAsItWasWritten() throws IOException {
        List<Probe> probes = Stream.of(Probes.subspace(), Probes.mlp(), Probes.attention(), Probes.maximum())
                .map(Probes::perToken)
                .toList();
        Path path = folder.resolve("kinds.safetensors");
        ProbeFile.write(path, probes);
        assertThat(ProbeFile.read(path)).isEqualTo(probes);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.contains("0.folded_weight")).isTrue();
            assertThat(file.contains("1.folded_weight")).isFalse();
            assertThat(file.info("2.query").shape()).containsExactly(2L, 3L);
            assertThat(file.doubles("3.calibration.multimax")).containsExactly(2, -0.5, 0.25);
        }
    }

    @Test
    void theFirstVersionIsStillRead() throws IOException {
        Path path = folder.resolve("first.safetensors");
        new SafetensorsWriter()
                .metadata("format", "goodhart-probes-1")
                .metadata("probes", "1")
                .metadata("0.name", "train-0")
                .metadata("0.role", "train")
                .metadata("0.kind", "logistic")
                .metadata("0.model", "models/tiny")
                .metadata("0.model_sha256", MODEL.sha256())
                .metadata("0.site", "resid_post")
                .metadata("0.layer", "3")
                .metadata("0.pooling", "mean")
                .add("0.mean", new double[] {1, 2}, 2)
                .add("0.scale", new double[] {1, 4}, 2)
                .add("0.weight", new double[] {3, -1}, 2)
                .add("0.bias", new double[] {0.5})
                .add("0.threshold", new double[] {0.4})
                .writeTo(path);
        Probe probe = ProbeFile.read(path).getFirst();
        assertThat(probe.calibration()).isEqualTo(new Calibration(1, 0, 0.4));
        assertThat(probe.logits(TokenActivations.pooled(Activations.of(new float[] {2, 6}, 1, 2))))
                .containsExactly(3 - 1 + 0.5);
    }

    @Test
    void equalNamesAreRefused() {
        Probe probe = probe("a", ProbeRole.TRAIN, Site.RESID_POST, 0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProbeFile.write(folder.resolve("x"), List.of(probe, probe)))
                .withMessage("Two probes are named a");
    }

    @Test
    void otherAndDamagedFilesAreRefusedByWhatIsWrong() throws IOException {
        Path other = folder.resolve("other.safetensors");
        new SafetensorsWriter().add("w", new double[] {1}, 1).writeTo(other);
        assertRefused(other, "the description lacks format");
        Path lacking = folder.resolve("lacking.safetensors");
        new SafetensorsWriter()
                .metadata("format", ProbeFile.FORMAT)
                .metadata("probes", "1")
                .metadata("0.kind", "logistic")
                .add("0.mean", new double[] {1}, 1)
                .writeTo(lacking);
        assertRefused(lacking, "there is no tensor 0.scale");
        Path wrong = folder.resolve("wrong.safetensors");
        new SafetensorsWriter()
                .metadata("format", ProbeFile.FORMAT)
                .metadata("probes", "1")
                .metadata("0.kind", "oracle")
                .writeTo(wrong);
        assertRefused(wrong, "oracle".toUpperCase(Locale.ROOT));
        Path truncated = folder.resolve("truncated.safetensors");
        ProbeFile.write(truncated, List.of(probe("a", ProbeRole.TRAIN, Site.RESID_POST, 0, 1)));
        byte[] bytes = Files.readAllBytes(truncated);
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length - 8));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> ProbeFile.read(truncated));
    }

    private static void assertRefused(Path path, String what) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ProbeFile.read(path))
                .withMessageContaining(what)
                .satisfies(e -> assertThat(e.code()).isEqualTo("probe_file"));
    }

    private static Probe probe(String name, ProbeRole role, Site site, int layer, double value) {
        LinearFit fit = new LinearFit(
                ProbeSpec.Kind.LOGISTIC,
                new Standardiser(DenseVector.of(value, -2, 1e-12), DenseVector.of(1, value, 1e9)),
                DenseVector.of(0.1, -value, 7e-5),
                -value / 7);
        ReadPoint point = new ReadPoint(MODEL, site, layer, Pooling.MEAN);
        return Probe.pooled(name, role, point, fit, new Calibration(1.7, -value, 0.4388334255535077));
    }
}
