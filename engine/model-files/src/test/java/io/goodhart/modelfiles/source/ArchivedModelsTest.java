package io.goodhart.modelfiles.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivedModelsTest {
    private static final String SHA = "ab".repeat(32);
    private static final List<String> NAMES = List.of(
            "x/nested/config.json",
            "./x/config.json",
            "x/tokenizer.json",
            "x/model.safetensors",
            "x/pytorch_model.bin",
            "x/../../../outside.safetensors",
            "/tmp/config.json/model.safetensors");

    @TempDir
    Path directory;

    private Path archive(String kind, List<String> names) throws IOException {
        Path file = directory.resolve("model." + kind);
        try (OutputStream out = Files.newOutputStream(file)) {
            if (kind.equals("zip")) {
                zip(out, names);
            } else if (kind.equals("tar")) {
                tar(out, names);
            } else {
                tar(new GZIPOutputStream(out), names);
            }
        }
        return file;
    }

    private static void zip(OutputStream out, List<String> names) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }

    private static void tar(OutputStream out, List<String> names) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (String name : names) {
                byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(name, true);
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
            TarArchiveEntry link = new TarArchiveEntry("x/generation_config.json", TarArchiveEntry.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void aModelIsTakenOutAndNothingElse(String kind) throws IOException {
        var models = new ArchivedModels(directory.resolve("cache"));
        Path model = models.unpack(archive(kind, NAMES), SHA, (_, _) -> {});
        try (Stream<Path> files = Files.walk(directory.resolve("cache")).filter(Files::isRegularFile)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(
                            model.resolve("config.json"),
                            model.resolve("tokenizer.json"),
                            model.resolve("model.safetensors"));
        }
        assertThat(model.resolve("config.json")).hasContent("./x/config.json");
        assertThat(models.unpack(directory.resolve("gone"), SHA, (_, _) -> {})).isEqualTo(model);
    }

    @Test
    void whatIsNoArchiveOrHoldsNoModelIsRefusedAndLeavesNothing() throws IOException {
        var models = new ArchivedModels(directory.resolve("cache"));
        Path text = Files.writeString(directory.resolve("text"), "no archive");
        Path empty = archive("zip", List.of("readme.txt"));
        Path cut = Files.write(
                directory.resolve("cut"), java.util.Arrays.copyOf(Files.readAllBytes(archive("tar.gz", NAMES)), 150));
        for (Path archive : List.of(text, empty, cut)) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> models.unpack(archive, SHA, (_, _) -> {}))
                    .extracting(InvalidInputException::code)
                    .isEqualTo("archive_invalid");
            assertThat(directory.resolve("cache/archive")).doesNotExist();
        }
    }
}
