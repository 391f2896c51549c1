package io.goodhart.datasets;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines of a file, none of which may be longer than memory should hold. */
final class Lines {
    /** Characters of the longest line or value: as many as the CSV reader allows. */
    static final int LONGEST = 16 * 1024 * 1024;

    private final DataSource source;
    private final Reader reader;
    private long number;
    private int pushedBack = -1;

    Lines(DataSource source, Reader reader) {
        this.source = source;
        this.reader = reader;
    }

    /** The next line without its end ({@code \n}, {@code \r} or {@code \r\n}), or null behind the last one. */
    @Nullable
    String next() throws IOException {
        int c = read();
        if (c < 0) {
            return null;
        }
        number++;
        StringBuilder line = new StringBuilder();
        while (c >= 0 && c != '\n' && c != '\r') {
            if (line.length() == LONGEST) {
                throw BadData.row(source, number, "has more than %d characters".formatted(LONGEST));
            }
            line.append((char) c);
            c = read();
        }
        if (c == '\r') {
            int following = reader.read();
            pushedBack = following == '\n' ? -1 : following;
        }
        return line.toString();
    }

    /** Number of the last line, from 1. */
    long number() {
        return number;
    }

    private int read() throws IOException {
        int c = pushedBack >= 0 ? pushedBack : reader.read();
        pushedBack = -1;
        return c;
    }
}
