package io.goodhart.api.fake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives of models. */
public final class SampleArchives {
    private SampleArchives() {}

    /** One of the models below the samples' root, in a zip. */
    public static byte[] zip(String model) {
        var bytes = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(SampleFiles.root().resolve(model));
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path file : files.sorted().toList()) {
                zip.putNextEntry(new ZipEntry("model/" + file.getFileName()));
                zip.write(Files.readAllBytes(file));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** One entry, wherever it leads. */
    public static byte[] zipOf(String entry) {
        var bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
