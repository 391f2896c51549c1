package io.goodhart.api.dataset;

import io.goodhart.api.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/** Refuses to read more than there may be. */
final class BoundedInputStream extends FilterInputStream {
    private final DataSize most;
    private long count;

    BoundedInputStream(InputStream in, DataSize most) {
        super(in);
        this.most = most;
    }

    static ProblemException tooLarge(DataSize most) {
        return new ProblemException(
                HttpStatus.CONTENT_TOO_LARGE,
                "too_large",
                "Too large",
                "A data set has at most %d bytes (goodhart.datasets.max-size)".formatted(most.toBytes()));
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
            throw tooLarge(most);
        }
    }
}
