package io.goodhart.datasets;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DatasetRevision;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Pins a data file by the hash of its bytes. */
public final class DataFile {
    private DataFile() {}

    /** The revision of {@code path} under {@code root}. */
    public static DatasetRevision revision(Path root, String path) {
        Path file = root.resolve(path);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(new Problem("dataset_not_found", null, "There is no data file " + path));
        }
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        return DatasetRevision.ofFile(path, HexFormat.of().formatHex(digest.digest()));
    }
}
