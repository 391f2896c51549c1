package io.goodhart.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * One exact data file.
 *
 * @param path where it lies, relative to the files root; of a registered data set its name and version, {@code name@2}
 * @param sha256 hash of its bytes, 64 hexadecimal digits
 * @param registered format of a registered data set, whose bytes are the artifact {@code sha256}; absent for a file below the
 *     files root, whose name says its format
 */
public record DatasetRevision(
        String path, String sha256, @Nullable DataFormat registered) {
    public DatasetRevision {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Need 64 hexadecimal digits for " + path + ", got " + sha256);
        }
    }

    /** A file below the files root. */
    public static DatasetRevision ofFile(String path, String sha256) {
        return new DatasetRevision(path, sha256, null);
    }

    /** How its rows are written: JSON lines unless something says otherwise. */
    public DataFormat format() {
        return registered == null ? DataFormat.ofName(path).orElse(DataFormat.JSON_LINES) : registered;
    }
}
