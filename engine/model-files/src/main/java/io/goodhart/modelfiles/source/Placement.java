package io.goodhart.modelfiles.source;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Puts directories into a cache as a whole: they are filled under {@code .partial} and renamed when they are complete. */
record Placement(Path cache) {
    /** Left free on the disk, for everything else. */
    private static final long RESERVE_BYTES = 64L << 20;

    /** Where the directory for a place is filled. */
    Path partial(Path place) throws IOException {
        String name = cache.relativize(place).toString().replace('/', '_');
        return Files.createDirectories(cache.resolve(".partial").resolve(name));
    }

    /** Refuses what the disk has no room for; what is here already needs none. */
    void requireSpace(Path partial, long total) throws IOException {
        long needed = total - bytes(partial);
        long usable = Files.getFileStore(partial).getUsableSpace() - RESERVE_BYTES;
        if (needed > usable) {
            throw Refusals.diskFull(needed, usable);
        }
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    /** Moves a complete directory to its place; if another process was faster, its work is kept. */
    void place(Path partial, Path place) throws IOException {
        Files.createDirectories(place.getParent() == null ? cache : place.getParent());
        try {
            move(partial, place);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(partial);
        }
    }

    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
