package io.goodhart.datasets;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Opens text files, all of which are UTF-8; a byte order mark is left out. */
final class Utf8 {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] LITTLE_ENDIAN = {(byte) 0xFF, (byte) 0xFE};
    private static final byte[] BIG_ENDIAN = {(byte) 0xFE, (byte) 0xFF};

    private static final int BUFFER = 1 << 16;

    /** How far in a file NUL bytes are looked for, which UTF-16 has in nearly every letter. */
    private static final int LOOKED_AT = 4096;

    private Utf8() {}

    /** A reader behind the byte order mark, which fails with {@link CharacterCodingException} at the first malformed byte. */
    static BufferedReader open(DataSource source) throws IOException {
        byte[] start = start(source);
        refuseUtf16(source, start);
        InputStream bytes = Files.newInputStream(source.file());
        if (startsWith(start, MARK)) {
            bytes.skipNBytes(MARK.length);
        }
        return new BufferedReader(
                new InputStreamReader(
                        bytes, StandardCharsets.UTF_8.newDecoder()), // a decoder reports, a charset replaces
                BUFFER);
    }

    /** Whether the file starts with UTF-8's byte order mark. */
    static boolean hasMark(DataSource source) throws IOException {
        return startsWith(start(source), MARK);
    }

    /** The line, from 1, of the first byte that is not UTF-8; the last line if there is none. */
    static long malformedLine(DataSource source) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer characters = CharBuffer.allocate(BUFFER);
        long line = 1;
        try (FileChannel channel = FileChannel.open(source.file())) {
            boolean ended = false;
            while (!ended) {
                ended = channel.read(bytes) < 0;
                bytes.flip();
                CoderResult result = decoder.decode(bytes, characters.clear(), ended);
                line += lineEnds(bytes);
                if (result.isError()) {
                    return line;
                }
                bytes.compact();
            }
        }
        return line;
    }

    /** Line ends among the bytes that were consumed. */
    private static long lineEnds(ByteBuffer bytes) {
        return IntStream.range(0, bytes.position())
                .filter(i -> bytes.get(i) == '\n')
                .count();
    }

    private static byte[] start(DataSource source) throws IOException {
        try (InputStream bytes = Files.newInputStream(source.file())) {
            return bytes.readNBytes(LOOKED_AT);
        }
    }

    private static void refuseUtf16(DataSource source, byte[] start) {
        if (startsWith(start, LITTLE_ENDIAN) || startsWith(start, BIG_ENDIAN)) {
            throw BadData.encoding(source, "is UTF-16, by its byte order mark; write it as UTF-8");
        }
        for (int i = 0; i < start.length; i++) {
            if (start[i] == 0) {
                throw BadData.encoding(
                        source, "has a NUL byte at offset %d: it is UTF-16 or no text; write it as UTF-8".formatted(i));
            }
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
