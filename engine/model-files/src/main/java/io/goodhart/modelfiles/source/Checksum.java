package io.goodhart.modelfiles.source;

import io.goodhart.domain.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How the Hub names the bytes of a file.
 *
 * @param kind which hash
 * @param hex hexadecimal digits
 */
record Checksum(Kind kind, String hex) {
    private static final int CHUNK = 1 << 20;

    /** Which hash. */
    enum Kind {
        /** Of large files: sha256 of the bytes. */
        SHA256,
        /** Of small files: Git's name of a blob, sha1 of {@code "blob " + size + "\0"} and the bytes. */
        GIT_BLOB
    }

    /** Whether a file has these bytes. */
    boolean matches(Path file) throws IOException {
        MessageDigest digest = kind == Kind.SHA256 ? Hashes.sha256() : sha1();
        if (kind == Kind.GIT_BLOB) {
            digest.update("blob %d\0".formatted(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
        }
        byte[] chunk = new byte[CHUNK];
        try (InputStream stream = Files.newInputStream(file)) {
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }
}
