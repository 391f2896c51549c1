package io.goodhart.standalone.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The database's password. Everybody on the machine can reach a port of the loopback interface; only the owner can read the
 * file.
 *
 * @param file where it is kept
 */
record Password(Path file, String text) {
    private static final int BYTES = 24;

    /** The password that is kept beside a data directory; makes one for a directory that is new. */
    static Password beside(Path directory) throws IOException {
        Path file = directory.resolveSibling(directory.getFileName() + ".password");
        if (!Files.exists(file)) {
            if (Files.exists(directory.resolve("PG_VERSION"))) {
                throw new IOException(
                        "The password of this database is missing: %s. Put that file back, or start with an empty directory (--data)"
                                .formatted(file));
            }
            create(file);
        }
        return new Password(file, Files.readString(file).strip());
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path written = Files.createTempFile(
                file.getParent(),
                "password",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(written, HexFormat.of().formatHex(random) + "\n", StandardCharsets.US_ASCII);
        Files.move(written, file);
    }
}
