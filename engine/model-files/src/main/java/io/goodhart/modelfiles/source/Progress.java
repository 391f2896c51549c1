package io.goodhart.modelfiles.source;

/** Hears how far a source has come. May throw to stop it. */
@FunctionalInterface
public interface Progress {
    /** So many bytes of so many are here. */
    void at(long bytes, long total);
}
