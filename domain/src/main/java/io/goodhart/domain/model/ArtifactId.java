package io.goodhart.domain.model;

/**
 * An immutable output, named by its content.
 *
 * @param sha256 hash of its bytes, 64 hexadecimal digits
 */
public record ArtifactId(String sha256) implements Comparable<ArtifactId> {
    public ArtifactId {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Need 64 hexadecimal digits, got " + sha256);
        }
    }

    @Override
    public int compareTo(ArtifactId other) {
        return sha256.compareTo(other.sha256);
    }

    @Override
    public String toString() {
        return sha256;
    }
}
