package io.goodhart.api.files;

import io.goodhart.api.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/**
 * How large a file may be that is taken in. The largest of all limits is that of an upload.
 *
 * @param what what such a file is, for messages
 * @param setting which setting says so
 */
public record UploadLimit(String what, String setting, DataSize most) {
    public UploadLimit {
        if (most.toBytes() < 1) {
            throw new IllegalArgumentException("%s must be positive, got %s".formatted(setting, most));
        }
    }

    /** A stream that refuses to be read any further than that. */
    public InputStream on(InputStream bytes) {
        return new BoundedInputStream(bytes);
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                HttpStatus.CONTENT_TOO_LARGE,
                "too_large",
                "Too large",
                "%s has at most %d bytes (%s)".formatted(what, most.toBytes(), setting));
    }

    private final class BoundedInputStream extends FilterInputStream {
        private long count;

        BoundedInputStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) {
            count += read;
            if (count > most.toBytes()) {
                throw tooLarge();
            }
        }
    }
}
