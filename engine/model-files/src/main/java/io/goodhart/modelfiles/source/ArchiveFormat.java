package io.goodhart.modelfiles.source;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveException;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** How an archive is written, told by its bytes and not by its name. */
public enum ArchiveFormat {
    TAR("application/x-tar"),
    TAR_GZIP("application/gzip"),
    ZIP("application/zip");

    private static final int TAR_BLOCK = 512;

    private final String mediaType;

    ArchiveFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /** What an entry is, as far as it matters here. */
    enum EntryKind {
        FILE,
        LINK,
        OTHER
    }

    /** Sees one entry after the other, in the archive's order. */
    @FunctionalInterface
    interface Visitor {
        void visit(String name, EntryKind kind, InputStream bytes) throws IOException;
    }

    /** The format of a file; an IOException if it is no archive. */
    static ArchiveFormat of(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(new FileInputStream(file.toFile()))) {
            boolean packed = isGzip(raw);
            String inner =
                    ArchiveStreamFactory.detect(packed ? new BufferedInputStream(new GZIPInputStream(raw)) : raw);
            return switch (inner) {
                case ArchiveStreamFactory.TAR -> packed ? TAR_GZIP : TAR;
                case ArchiveStreamFactory.ZIP -> ZIP;
                default -> throw new ArchiveException("An archive of the format " + inner);
            };
        }
    }

    private static boolean isGzip(InputStream stream) throws IOException {
        stream.mark(2);
        boolean gzip = stream.read() == 0x1f && stream.read() == 0x8b;
        stream.reset();
        return gzip;
    }

    /** Reads an archive up to its very end, checksums included; an IOException if anything of it is damaged or missing. */
    void each(Path file, Visitor visitor) throws IOException {
        switch (this) {
            case ZIP -> eachOfZip(file, visitor);
            case TAR -> {
                requireEnd(file);
                eachOfTar(new FileInputStream(file.toFile()), visitor);
            }
            case TAR_GZIP -> eachOfTar(new GZIPInputStream(new FileInputStream(file.toFile())), visitor);
        }
    }

    /** A tar ends in blocks of zeros; one that was cut between two files does not. */
    private static void requireEnd(Path file) throws IOException {
        byte[] last = new byte[TAR_BLOCK];
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(Math.max(0, bytes.length() - TAR_BLOCK));
            bytes.readFully(last);
        }
        for (byte value : last) {
            if (value != 0) {
                throw new ArchiveException("The end of the archive is missing");
            }
        }
    }

    private static void eachOfTar(InputStream bytes, Visitor visitor) throws IOException {
        try (InputStream plain = new BufferedInputStream(bytes);
                TarArchiveInputStream entries = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.isSparse()) {
                    throw new ArchiveException("A sparse file");
                }
                visitor.visit(entry.getName(), kind(entry), entries);
            }
            visitor.visit("", EntryKind.OTHER, plain); // so that a checksum behind the last entry is read, too
        }
    }

    private static EntryKind kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            return EntryKind.LINK;
        }
        return entry.isFile() ? EntryKind.FILE : EntryKind.OTHER;
    }

    private static void eachOfZip(Path file, Visitor visitor) throws IOException {
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
                if (!zip.canReadEntryData(entry)) {
                    throw new ArchiveException("An entry that is encrypted or packed in an unknown way");
                }
                try (CheckedInputStream bytes = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
                    visitor.visit(entry.getName(), kind(entry), bytes);
                    bytes.transferTo(OutputStream.nullOutputStream());
                    if (bytes.getChecksum().getValue() != entry.getCrc()) {
                        throw new ArchiveException("The checksum of an entry is another one");
                    }
                }
            }
        }
    }

    private static EntryKind kind(ZipArchiveEntry entry) {
        if (entry.isUnixSymlink()) {
            return EntryKind.LINK;
        }
        return entry.isDirectory() ? EntryKind.OTHER : EntryKind.FILE;
    }
}
