package io.goodhart.db.queue;

import io.goodhart.domain.model.ArtifactId;

/**
 * An artifact that lies in the store, complete, before its row is written.
 *
 * @param artifact its content's name
 * @param bytes its size
 * @param mediaType such as {@code application/json}
 */
public record Output(ArtifactId artifact, long bytes, String mediaType) {
    public Output {
        if (bytes < 0) {
            throw new IllegalArgumentException("Need a size of at least 0 bytes, got " + bytes);
        }
    }
}
