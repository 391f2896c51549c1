package io.goodhart.trainer.artifact;

import io.goodhart.lm.adapter.LoraFiles;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a training moved, as one file: an uncompressed zip that holds either an adapter in PEFT's two files, or {@code
 * model.safetensors} with every weight. The same weights give the same bytes.
 */
public final class WeightsArchive {
    /** Every weight, by Hugging Face name. */
    public static final String FULL = SafetensorsFile.SINGLE;

    private static final List<String> MEMBERS = List.of(LoraFiles.CONFIG, LoraFiles.WEIGHTS, FULL);
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private WeightsArchive() {}

    /** Packs the members that lie in a directory. */
    public static void pack(Path directory, Path archive) {
        try (OutputStream file = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (String name : MEMBERS) {
                Path member = directory.resolve(name);
                if (Files.exists(member)) {
                    zip.putNextEntry(entry(name, member));
                    Files.copy(member, zip);
                    zip.closeEntry();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ZipEntry entry(String name, Path member) throws IOException {
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(member), checksum)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        entry.setSize(Files.size(member));
        entry.setCompressedSize(Files.size(member));
        entry.setCrc(checksum.getValue());
        return entry;
    }

    /** Unpacks the members into a directory, which is made if it is missing. Anything else in the archive is left alone. */
    public static void unpack(Path archive, Path directory) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Files.createDirectories(directory);
            for (String name : MEMBERS) {
                @Nullable ZipEntry entry = zip.getEntry(name);
                if (entry != null) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, directory.resolve(name));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
