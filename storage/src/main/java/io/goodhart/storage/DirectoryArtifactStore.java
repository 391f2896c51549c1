package io.goodhart.storage;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Artifacts as files {@code sha256/ab/abcdef…} of one directory, which may be shared by several processes. A file is
 * written and fsynced under {@code tmp/}, then renamed: a torn write leaves a temporary file and nothing else.
 */
public final class DirectoryArtifactStore implements ArtifactStore {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PREFIX = 2;

    /** Nobody writes to a file that has not grown for so long. */
    private static final Duration TORN_AFTER = Duration.ofDays(1);

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private final Path artifacts;
    private final Path temporary;
    private final Map<ArtifactId, Stamp> verified = new ConcurrentHashMap<>();

    /** Opens the store, creates its directory if there is none, and deletes what writes of long ago have left. */
    public DirectoryArtifactStore(Path directory) throws IOException {
        Path root = directory.toAbsolutePath().normalize();
        this.artifacts = Files.createDirectories(root.resolve("sha256"));
        this.temporary = Files.createDirectories(root.resolve("tmp"));
        sync(root);
        deleteTornWrites(Clock.systemUTC().instant().minus(TORN_AFTER));
    }

    @Override
    public ArtifactId put(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return put(bytes);
        }
    }

    @Override
    public ArtifactId put(InputStream bytes) throws IOException {
        Path written = temporary.resolve(UUID.randomUUID().toString());
        try {
            ArtifactId id = write(bytes, written);
            Path folder = folder(id);
            if (Files.notExists(folder)) {
                Files.createDirectories(folder);
                sync(artifacts);
            }
            Files.move(written, path(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(folder);
            return id;
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static ArtifactId write(InputStream bytes, Path target) throws IOException {
        MessageDigest digest = Hashes.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                digest.update(buffer, 0, count);
                ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, count);
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
            }
            out.force(true);
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--r--r--"));
        return new ArtifactId(HexFormat.of().formatHex(digest.digest()));
    }

    /** Makes the names in a directory durable. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean contains(ArtifactId id) {
        return Files.isRegularFile(path(id));
    }

    @Override
    public long size(ArtifactId id) throws IOException {
        return stamp(id).bytes();
    }

    @Override
    public Path file(ArtifactId id) throws IOException {
        Stamp stamp = stamp(id);
        if (!stamp.equals(verified.get(id))) {
            try (InputStream bytes = read(id)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            }
            verified.put(id, stamp);
        }
        return path(id);
    }

    @Override
    public InputStream read(ArtifactId id) throws IOException {
        try {
            return new VerifyingInputStream(Files.newInputStream(path(id)), id);
        } catch (NoSuchFileException e) {
            throw notFound(id);
        }
    }

    @Override
    public List<ArtifactId> orphans(Set<ArtifactId> referenced, Instant before) throws IOException {
        List<ArtifactId> orphans = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                artifacts,
                PREFIX,
                (path, attributes) -> attributes.isRegularFile()
                        && attributes.lastModifiedTime().toInstant().isBefore(before))) {
            files.map(path -> path.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches())
                    .map(ArtifactId::new)
                    .filter(id -> !referenced.contains(id))
                    .sorted()
                    .forEach(orphans::add);
        }
        return orphans;
    }

    @Override
    public void delete(ArtifactId id) throws IOException {
        verified.remove(id);
        Files.deleteIfExists(path(id));
    }

    /** Deletes what writes that never finished have left, if it was last written to before the given time. */
    void deleteTornWrites(Instant before) throws IOException {
        List<Path> torn;
        try (Stream<Path> files = Files.find(
                temporary,
                1,
                (path, attributes) -> attributes.isRegularFile()
                        && attributes.lastModifiedTime().toInstant().isBefore(before))) {
            torn = files.toList();
        }
        for (Path path : torn) {
            Files.deleteIfExists(path);
        }
    }

    private Path folder(ArtifactId id) {
        return artifacts.resolve(id.sha256().substring(0, PREFIX));
    }

    private Path path(ArtifactId id) {
        return folder(id).resolve(id.sha256());
    }

    private Stamp stamp(ArtifactId id) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(id), BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime());
        } catch (NoSuchFileException e) {
            throw notFound(id);
        }
    }

    private static NotFoundException notFound(ArtifactId id) {
        return new NotFoundException("artifact_not_found", "There is no artifact " + id);
    }

    /** What a file looked like when its bytes were checked. */
    private record Stamp(long bytes, FileTime modified) {}
}
