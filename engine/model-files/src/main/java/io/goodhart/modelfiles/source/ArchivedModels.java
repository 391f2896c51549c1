package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.source.ArchiveFormat.EntryKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Model directories in archives (zip, tar, tar.gz), unpacked into a cache under the archive's own hash. The model is the folder
 * with the config.json that lies highest. Names in the archive choose what is taken and never where it goes; what is taken are
 * the files of a model, of which no pickle is one.
 */
public final class ArchivedModels {
    private final Placement placement;
    private final long maxBytes;

    /**
     * Makes one.
     *
     * @param cache directory of all models; created if there is none
     * @param maxBytes what an archive may unpack to
     */
    public ArchivedModels(Path cache, long maxBytes) {
        this.placement = new Placement(cache);
        this.maxBytes = maxBytes;
    }

    /**
     * Reads an archive to its end without keeping anything.
     *
     * @throws InvalidInputException with code {@code archive_invalid} if it is none, damaged, cut off or without a model;
     *     {@code archive_unsafe} if an entry leads out of it; {@code archive_too_large}
     */
    public ArchiveFormat check(Path archive) throws IOException {
        return survey(archive).format();
    }

    /**
     * The model in an archive, unpacked if it is not here.
     *
     * @param sha256 of the archive
     * @throws InvalidInputException as {@link #check}, or with code {@code disk_full}
     */
    public Path unpack(Path archive, String sha256, Progress progress) throws IOException {
        Path place = placement.cache().resolve("archive").resolve(sha256);
        if (Files.isDirectory(place)) {
            return place;
        }
        ArchiveSurvey survey = survey(archive);
        Path partial = placement.partial(place);
        Placement.delete(partial);
        Files.createDirectories(partial);
        try {
            placement.requireSpace(partial, survey.bytes());
            survey.format().each(archive, (name, kind, bytes) -> {
                Optional<String> file = survey.modelFile(name);
                if (kind == EntryKind.FILE && file.isPresent()) {
                    copy(bytes, partial.resolve(file.get()));
                }
            });
        } catch (InvalidInputException | IOException e) {
            Placement.delete(partial);
            throw e;
        }
        placement.place(partial, place);
        long total = Files.size(archive);
        progress.at(total, total);
        return place;
    }

    private ArchiveSurvey survey(Path archive) throws IOException {
        return ArchiveSurvey.of(archive, maxBytes);
    }

    private static void copy(InputStream bytes, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (OutputStream out = Files.newOutputStream(target)) {
            bytes.transferTo(out);
        }
    }
}
