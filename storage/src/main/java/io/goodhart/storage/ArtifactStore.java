package io.goodhart.storage;

import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Keeps artifacts under the sha256 of their bytes. What {@code put} returned for is durable and complete; a write that did
 * not finish is never visible. Everything is streamed. An id without an artifact throws {@link NotFoundException} with code
 * {@code artifact_not_found}; bytes that are not what the id says throw {@link DamagedArtifactException}. Thread-safe, also
 * between processes.
 */
public interface ArtifactStore {
    /** Keeps the bytes up to the end of the stream. Bytes that are there already are written anew, which heals damage. */
    ArtifactId put(InputStream bytes) throws IOException;

    /** Keeps a copy of a file. */
    ArtifactId put(Path file) throws IOException;

    /** Whether there is such an artifact; its bytes are not looked at. */
    boolean contains(ArtifactId id);

    /** Size in bytes. */
    long size(ArtifactId id) throws IOException;

    /** A local file with the artifact's bytes, checked against the id. Read-only: map it, but do not write or delete it. */
    Path file(ArtifactId id) throws IOException;

    /** The artifact's bytes. Reading past the last one throws {@link DamagedArtifactException} if they are not what the id says. */
    InputStream read(ArtifactId id) throws IOException;

    /** Artifacts put before {@code before} that are not among {@code referenced}, by id. A second put counts anew. */
    List<ArtifactId> orphans(Set<ArtifactId> referenced, Instant before) throws IOException;

    /** Deletes an artifact if it is there. */
    void delete(ArtifactId id) throws IOException;
}
