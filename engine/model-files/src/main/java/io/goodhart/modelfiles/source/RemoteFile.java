package io.goodhart.modelfiles.source;

/**
 * A file of a revision on the Hub.
 *
 * @param path below the repository's root
 * @param bytes its size
 * @param checksum what its bytes must be
 */
record RemoteFile(String path, long bytes, Checksum checksum) {}
