package io.goodhart.storage;

import io.goodhart.domain.model.ArtifactId;
import java.io.IOException;

/** An artifact's bytes are not what its id says: a disk failed or somebody wrote to the store by hand. */
public final class DamagedArtifactException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedArtifactException(ArtifactId expected, ArtifactId actual) {
        super("Artifact " + expected + " is damaged: its bytes have sha256 " + actual);
    }
}
