package io.goodhart.modelfiles.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivedModelsTest {
    private static final String SHA = "ab".repeat(32);
    private static final List<String> NAMES = List.of(
            "x/nested/config.json",
            "./x/config.json",
            "x/tokenizer.json",
            "x/model.safetensors",
            "x/pytorch_model.bin",
            "y/readme.md");
    private static final long ROOM = 1 << 20;

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
                TarArchiveEntry entry = new TarArchiveEntry(name, true); // as it is, with a slash in front
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }

    private ArchivedModels models(long maxBytes) {
        return new ArchivedModels(directory.resolve("cache"), maxBytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void aModelIsTakenOutAndNothingElse(String kind) throws IOException {
        ArchivedModels models = models(ROOM);
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

    @ParameterizedTest
    @CsvSource({"zip,application/zip", "tar,application/x-tar", "tar.gz,application/gzip"})
    void theFormatIsToldByTheBytes(String kind, String mediaType) throws IOException {
        Path unnamed = Files.move(archive(kind, NAMES), directory.resolve("unnamed"));
        assertThat(models(ROOM).check(unnamed).mediaType()).isEqualTo(mediaType);
    }

    @Test
    void whatIsNoArchiveOrHoldsNoModelIsRefusedAndLeavesNothing() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no archive");
        Path none = Files.writeString(directory.resolve("none"), "");
        Path empty = archive("zip", List.of("readme.txt"));
        for (Path archive : List.of(text, none, empty)) {
            assertRefused(archive, "archive_invalid");
        }
    }

    /** Whatever is missing: a header, the middle of a file, a checksum, the mark of the end. */
    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void anArchiveThatIsCutAnywhereIsRefused(String kind) throws IOException {
        byte[] whole = Files.readAllBytes(archive(kind, NAMES));
        int content = kind.equals("tar") ? NAMES.size() * 1024 : whole.length - 1; // the rest of a tar is zeros
        for (int length = 1; length <= content; length += length < content - 30 ? 13 : 1) {
            Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, length));
            assertRefused(cut, "archive_invalid");
        }
    }

    /** Some flips are harmless, such as that of a date. A plain tar has no checksum of its contents. */
    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar.gz"})
    void aByteThatFlippedNeverChangesAFileOfTheModel(String kind) throws IOException {
        byte[] whole = Files.readAllBytes(archive(kind, List.of("config.json", "tokenizer.json")));
        for (int at = 0; at < whole.length; at += 2) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Path archive = Files.write(directory.resolve("flipped"), flipped);
            try {
                Path model = models(ROOM).unpack(archive, "%064x".formatted(at), (_, _) -> {});
                assertThat(model.resolve("config.json")).hasContent("config.json");
            } catch (InvalidInputException e) {
                assertThat(e.code()).startsWith("archive_");
            }
        }
    }

    @Test
    void theChecksumBehindAllEntriesIsRead() throws IOException {
        byte[] tar = Files.readAllBytes(archive("tar", NAMES));
        var packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(Arrays.copyOf(tar, tar.length + (1 << 17))); // more zeros than anybody reads ahead
        }
        byte[] bytes = packed.toByteArray();
        bytes[bytes.length - 8] ^= 1;
        assertRefused(Files.write(directory.resolve("padded"), bytes), "archive_invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x/../../outside.safetensors", "../config.json", "/etc/readme", "x/.."})
    void anEntryThatLeadsOutIsRefused(String name) throws IOException {
        assertRefused(archive("zip", List.of("x/config.json", name)), "archive_unsafe");
        assertRefused(archive("tar.gz", List.of("x/config.json", name)), "archive_unsafe");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarArchiveEntry.LF_SYMLINK, TarArchiveEntry.LF_LINK})
    void aLinkInPlaceOfAFileOfTheModelIsRefused(byte link) throws IOException {
        Path archive = directory.resolve("links.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
            TarArchiveEntry entry = new TarArchiveEntry("x/generation_config.json", link);
            entry.setLinkName("/etc/passwd");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        assertRefused(archive, "archive_unsafe");
    }

    @Test
    void anArchiveThatGrowsTooLargeIsRefused() throws IOException {
        Path bomb = directory.resolve("bomb.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("config.json"));
            zip.write(new byte[(int) ROOM + 1]);
        }
        assertThat(Files.size(bomb)).isLessThan(ROOM / 100);
        assertRefused(bomb, "archive_too_large");
    }

    private void assertRefused(Path archive, String code) {
        assertThatExceptionOfType(InvalidInputException.class)
                .as(archive.toString())
                .isThrownBy(() -> models(ROOM).unpack(archive, SHA, (_, _) -> {}))
                .satisfies(e -> assertThat(e.problems().getFirst().field()).isEqualTo("source"))
                .extracting(InvalidInputException::code)
                .isEqualTo(code);
        assertThat(directory.resolve("cache")).doesNotExist();
    }
}
