package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.source.ArchiveFormat.EntryKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in an archive that is sound.
 *
 * @param folder of the model, with the slash behind it, or empty
 * @param bytes of all entries, unpacked
 */
record ArchiveSurvey(ArchiveFormat format, String folder, long bytes) {
    private static final String CONFIG = "config.json";
    private static final int CHUNK = 1 << 16;

    /** What is read into memory as a whole: configurations, tokenizers, templates, the index of shards. */
    private static final long MOST_TEXT = 64L << 20;

    /**
     * Reads an archive to its end.
     *
     * @param maxBytes what it may unpack to
     * @throws InvalidInputException if it is damaged, unsafe, too large, or holds no model
     */
    static ArchiveSurvey of(Path archive, long maxBytes) {
        Reading reading = new Reading(maxBytes);
        try {
            ArchiveFormat format = ArchiveFormat.of(archive);
            format.each(archive, reading::visit);
            if (reading.folder == null) {
                throw invalid("The archive holds no config.json");
            }
            return new ArchiveSurvey(format, reading.folder, reading.bytes);
        } catch (IOException e) {
            InvalidInputException refusal = invalid("This is no zip, tar or tar.gz archive, or a damaged one");
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static InvalidInputException invalid(String message) {
        return Refusals.of("archive_invalid", message);
    }

    /** Which file of the model an entry is, if it is one. */
    Optional<String> modelFile(String entry) {
        String path = clean(entry);
        String name = path.startsWith(folder) ? path.substring(folder.length()) : "";
        return ModelFiles.isSmall(name) || ModelFiles.isWeights(name) ? Optional.of(name) : Optional.empty();
    }

    private static String clean(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private static final class Reading {
        private final long maxBytes;
        private final byte[] chunk = new byte[CHUNK];
        private long bytes;
        private @Nullable String folder;

        Reading(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        void visit(String name, EntryKind kind, InputStream stream) throws IOException {
            String path = clean(name);
            String file = path.substring(path.lastIndexOf('/') + 1);
            boolean isModelFile = ModelFiles.isSmall(file) || ModelFiles.isWeights(file);
            requireInside(name, path);
            if (kind == EntryKind.LINK && isModelFile) {
                throw unsafe("'%s' is a link; pack the file itself, with tar --dereference for example", name);
            }
            if (kind == EntryKind.FILE && file.equals(CONFIG)) {
                String here = path.substring(0, path.length() - CONFIG.length());
                folder = folder == null || here.length() < folder.length() ? here : folder;
            }
            long before = bytes;
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                bytes += count;
                requireSize(name, isModelFile && !file.endsWith(".safetensors"), bytes - before);
            }
        }

        private static void requireInside(String name, String path) {
            if (path.startsWith("/") || Arrays.asList(path.split("/", -1)).contains("..")) {
                throw unsafe("'%s' leads out of the archive", name);
            }
        }

        private void requireSize(String name, boolean isText, long size) {
            if (bytes > maxBytes) {
                throw Refusals.of("archive_too_large", "The archive unpacks to more than %d bytes".formatted(maxBytes));
            }
            if (isText && size > MOST_TEXT) {
                throw Refusals.of(
                        "archive_too_large", "'%s' has more than %d bytes".formatted(printable(name), MOST_TEXT));
            }
        }

        private static InvalidInputException unsafe(String message, String name) {
            return Refusals.of("archive_unsafe", "The entry " + message.formatted(printable(name)));
        }

        private static String printable(String name) {
            String text = name.replaceAll("\\p{Cntrl}", "?");
            return text.length() > 100 ? text.substring(0, 100) + "…" : text;
        }
    }
}
