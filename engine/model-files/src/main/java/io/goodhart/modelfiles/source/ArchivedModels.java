package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveException;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Model directories in archives (zip, tar, tar.gz), unpacked into a cache under the archive's own hash. The model is the folder
 * with the config.json that lies highest. Names in the archive choose what is taken and never where it goes.
 */
public final class ArchivedModels {
    private static final String CONFIG = "config.json";
    private static final int CHUNK = 1 << 16;

    private final Placement placement;

    /**
     * Makes one.
     *
     * @param cache directory of all models; created if there is none
     */
    public ArchivedModels(Path cache) {
        this.placement = new Placement(cache);
    }

    /**
     * The model in an archive, unpacked if it is not here.
     *
     * @param sha256 of the archive
     * @throws InvalidInputException with code {@code archive_invalid} or {@code disk_full}
     */
    public Path unpack(Path archive, String sha256, Progress progress) throws IOException {
        Path place = placement.cache().resolve("archive").resolve(sha256);
        if (Files.isDirectory(place)) {
            return place;
        }
        Path partial = placement.partial(place);
        Placement.delete(partial);
        Files.createDirectories(partial);
        try {
            String folder = folder(archive)
                    .orElseThrow(() -> Refusals.of("archive_invalid", "The archive holds no config.json"));
            long room = Files.getFileStore(partial).getUsableSpace();
            each(archive, (entry, bytes) -> {
                Optional<String> name = name(entry, folder);
                if (name.isPresent()) {
                    copy(bytes, partial.resolve(name.get()), room);
                }
            });
        } catch (InvalidInputException e) {
            Placement.delete(partial);
            throw e;
        }
        placement.place(partial, place);
        long total = Files.size(archive);
        progress.at(total, total);
        return place;
    }

    /** What is taken from a folder: the files of a model, by their plain names. */
    private static Optional<String> name(ArchiveEntry entry, String folder) {
        String path = clean(entry.getName());
        if (!isFile(entry) || !path.startsWith(folder)) {
            return Optional.empty();
        }
        String name = path.substring(folder.length());
        return ModelFiles.isSmall(name) || ModelFiles.isWeights(name) ? Optional.of(name) : Optional.empty();
    }

    private static boolean isFile(ArchiveEntry entry) {
        return !entry.isDirectory()
                && (!(entry instanceof TarArchiveEntry tar)
                        || (tar.isFile() && !tar.isSymbolicLink() && !tar.isLink()));
    }

    private static String clean(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private static Optional<String> folder(Path archive) throws IOException {
        List<String> folders = new ArrayList<>();
        each(archive, (entry, _) -> {
            String path = clean(entry.getName());
            if (isFile(entry) && (path.equals(CONFIG) || path.endsWith("/" + CONFIG))) {
                folders.add(path.substring(0, path.length() - CONFIG.length()));
            }
        });
        return folders.stream().min(Comparator.comparingInt(String::length));
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(ArchiveEntry entry, InputStream bytes) throws IOException;
    }

    private static void each(Path archive, Visitor visitor) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                InputStream plain = new BufferedInputStream(decompressed(file));
                ArchiveInputStream<?> entries = ArchiveStreamFactory.DEFAULT.createArchiveInputStream(plain)) {
            for (ArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entries.canReadEntryData(entry)) {
                    visitor.visit(entry, entries);
                }
            }
        } catch (ArchiveException | EOFException | ZipException e) {
            throw Refusals.of("archive_invalid", "This is no zip and no tar archive, or a damaged one");
        }
    }

    private static InputStream decompressed(InputStream file) throws IOException {
        file.mark(2);
        boolean gzip = file.read() == 0x1f && file.read() == 0x8b;
        file.reset();
        return gzip ? new GZIPInputStream(file) : file;
    }

    private static void copy(InputStream bytes, Path target, long room) throws IOException {
        Files.createDirectories(target.getParent());
        long left = room;
        try (OutputStream out = Files.newOutputStream(target)) {
            byte[] chunk = new byte[CHUNK];
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                left -= count;
                if (left < 0) {
                    throw Refusals.of(
                            "disk_full", "The archive unpacks to more than the disk of the model cache has room for");
                }
                out.write(chunk, 0, count);
            }
        }
    }
}
