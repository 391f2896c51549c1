package io.goodhart.storage;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ArtifactId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hashes what is read and compares at the end. Skipping reads; there are no marks. */
final class VerifyingInputStream extends FilterInputStream {
    private static final int SKIP_BYTES = 1 << 16;

    private final ArtifactId expected;
    private final MessageDigest digest = Hashes.sha256();
    private boolean verified;

    VerifyingInputStream(InputStream in, ArtifactId expected) {
        super(in);
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value < 0) {
            verify();
        } else {
            digest.update((byte) value);
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count < 0) {
            verify();
        } else {
            digest.update(buffer, offset, count);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, SKIP_BYTES)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void verify() throws IOException {
        if (verified) {
            return;
        }
        ArtifactId actual = new ArtifactId(HexFormat.of().formatHex(digest.digest()));
        if (!actual.equals(expected)) {
            throw new DamagedArtifactException(expected, actual);
        }
        verified = true;
    }
}
