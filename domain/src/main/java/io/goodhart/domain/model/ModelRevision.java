package io.goodhart.domain.model;

/**
 * One exact model.
 *
 * @param path where it lies, relative to the files root
 * @param sha256 hash over its configuration, weights and tokenizer, 64 hexadecimal digits
 */
public record ModelRevision(String path, String sha256) {
    public ModelRevision {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Need 64 hexadecimal digits for " + path + ", got " + sha256);
        }
    }
}
