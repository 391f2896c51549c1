package io.goodhart.standalone.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What {@code postmaster.pid} in a data directory says of the server that runs there, or that was killed.
 *
 * @param process its process id
 * @param port its port
 * @param sharedMemory id of its System V shared memory
 */
record PidFile(long process, int port, String sharedMemory) {
    private static final Path SEGMENTS = Path.of("/proc/sysvipc/shm");
    private static final Duration POLL = Duration.ofMillis(50);

    /** The file of a data directory; empty where no server runs, and where it is not yet written to its end. */
    static Optional<PidFile> of(Path directory) throws IOException {
        Path file = directory.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 7) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PidFile(
                    Long.parseLong(lines.get(0).strip()),
                    Integer.parseInt(lines.get(3).strip()),
                    lines.get(6).strip().replaceAll(".*\\s", ""))); // "key id"
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Waits until the helpers of a server that was killed have gone. They notice by themselves, a moment later; until then
     * PostgreSQL refuses to start anew, because their shared memory is still in use.
     */
    void awaitEndOfSharedMemory(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isAttached() && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /** Columns of the file: key, shmid, perms, size, cpid, lpid, nattch, … Elsewhere than on Linux nobody can tell. */
    private boolean isAttached() throws IOException {
        if (!Files.isReadable(SEGMENTS)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(SEGMENTS)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .anyMatch(columns ->
                            columns.length > 6 && columns[1].equals(sharedMemory) && !columns[6].equals("0"));
        }
    }
}
