package io.goodhart.domain.model;

/**
 * One exact data file.
 *
 * @param path where it lies, relative to the files root
 * @param sha256 hash of its bytes, 64 hexadecimal digits
 */
public record DatasetRevision(String path, String sha256) {
    public DatasetRevision {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Need 64 hexadecimal digits for " + path + ", got " + sha256);
        }
    }
}
