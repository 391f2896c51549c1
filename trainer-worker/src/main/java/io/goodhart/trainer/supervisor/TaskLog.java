package io.goodhart.trainer.supervisor;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the child writes to stderr, in one file for each task. A file that has grown to half its limit is set aside as
 * {@code .1}, so that the end and what led to it stay. Only so many files are kept. Safe for concurrent use.
 */
final class TaskLog implements AutoCloseable {
    /** Where lines go before the first task. */
    private static final String IDLE = "idle";

    private final Path directory;
    private final long limitBytes;
    private final int keep;
    private String name = IDLE;
    private @Nullable BufferedWriter out;
    private long written;

    /**
     * @param limitBytes most bytes of one task
     * @param keep number of files kept
     */
    TaskLog(Path directory, long limitBytes, int keep) {
        this.directory = directory;
        this.limitBytes = limitBytes;
        this.keep = keep;
    }

    /** From now on lines belong to this task, until the next one begins: a line may come after the task's end. */
    synchronized void begin(String task) {
        close();
        name = task;
        forgetOld();
    }

    /** The file that lines go to now. */
    synchronized Path file() {
        return directory.resolve(name + ".log");
    }

    synchronized void line(String text) {
        try {
            BufferedWriter writer = writer();
            writer.write(text);
            writer.newLine();
            writer.flush();
            written += text.length() + 1;
            if (written > limitBytes / 2) {
                close();
                Files.move(file(), directory.resolve(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BufferedWriter writer() throws IOException {
        if (out == null) {
            Files.createDirectories(directory);
            out = Files.newBufferedWriter(
                    file(), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            written = Files.size(file());
        }
        return out;
    }

    private void forgetOld() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> oldest = files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(TaskLog::age).reversed())
                    .skip(keep)
                    .toList();
            for (Path file : oldest) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long age(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0; // deleted by another worker in the meantime
        }
    }

    @Override
    public synchronized void close() {
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                out = null;
            }
        }
    }
}
