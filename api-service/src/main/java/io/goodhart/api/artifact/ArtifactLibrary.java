package io.goodhart.api.artifact;

import io.goodhart.db.experiment.Artifacts;
import io.goodhart.db.queue.Output;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.storage.ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Artifacts that some task gave: what the database knows of them, and their bytes. */
public final class ArtifactLibrary {
    private final Artifacts artifacts;
    private final ArtifactStore store;

    public ArtifactLibrary(Artifacts artifacts, ArtifactStore store) {
        this.artifacts = artifacts;
        this.store = store;
    }

    /**
     * Size and media type.
     *
     * @throws NotFoundException if no task gave this artifact
     */
    Output describe(ArtifactId id) {
        return artifacts
                .find(id)
                .orElseThrow(() -> new NotFoundException("artifact_not_found", "There is no artifact " + id));
    }

    /** Keeps a copy of a file. Nothing names it yet. */
    public Output put(Path file, String mediaType) throws IOException {
        ArtifactId id = store.put(file);
        return new Output(id, store.size(id), mediaType);
    }

    /** Whether the bytes are here. */
    public boolean contains(ArtifactId id) {
        return store.contains(id);
    }

    /** A verified local file with the bytes. */
    public Path file(ArtifactId id) {
        try {
            return store.file(id);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read artifact " + id, e);
        }
    }

    /** The bytes of an artifact that is small enough to be held at once, such as a report. */
    public byte[] bytes(ArtifactId id) {
        try (InputStream bytes = store.read(id)) {
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read artifact " + id, e);
        }
    }
}
