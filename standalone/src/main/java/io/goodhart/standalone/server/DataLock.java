package io.goodhart.standalone.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a data directory to one process, and tells others where that process answers. Ends with the process at the latest. */
final class DataLock implements AutoCloseable {
    /** What is locked lies behind everything that is written, so that the address can be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final FileChannel file;

    private DataLock(FileChannel file) {
        this.file = file;
    }

    /** @throws DataInUseException if another process has it */
    static DataLock take(Path data) {
        Path path = data.resolve("goodhart.lock");
        try {
            Files.createDirectories(data);
            FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(file) == null) {
                file.close();
                throw new DataInUseException(data, address(Files.readString(path)));
            }
            file.truncate(0);
            return new DataLock(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + path, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // this process has it already
        }
    }

    private static Optional<URI> address(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(URI.create(text.strip()));
    }

    /** From now on others are told this address. */
    void announce(URI address) {
        try {
            file.write(ByteBuffer.wrap(address.toString().getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot announce " + address, e);
        }
    }

    @Override
    public void close() {
        try (file) {
            file.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unlock the data", e);
        }
    }
}
