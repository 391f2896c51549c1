package io.goodhart.api.facts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * State of a file, as far as it shows without reading it.
 *
 * @param file which file, links followed
 * @param size in bytes
 * @param modified when it was written
 */
record FileStamp(Path file, long size, FileTime modified) {
    /** Stamp of one file. */
    static FileStamp of(Path file) {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return new FileStamp(real, attributes.size(), attributes.lastModifiedTime());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look at " + file, e);
        }
    }

    /** Stamps of the files of a directory, by name. */
    static List<FileStamp> ofDirectory(Path directory) {
        List<FileStamp> stamps = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(Files::isRegularFile).sorted().forEach(file -> stamps.add(of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
        return stamps;
    }
}
