package io.goodhart.datasets;

import io.goodhart.domain.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Texts as words parted by white space. */
public final class Words {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private Words() {}

    /** The first words, none of them empty; behind them, if there are more, the rest of the text as one. */
    static List<String> first(int count, String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? List.of() : List.of(SPACE.split(stripped, count + 1));
    }

    static int count(String text) {
        String stripped = text.strip();
        return stripped.isEmpty()
                ? 0
                : 1 + (int) SPACE.matcher(stripped).results().count();
    }

    /**
     * Names a text as a reader sees it: equal for texts that differ in white space only. First eight bytes, big endian, of the
     * sha256 of the words with single spaces; two of n texts collide by chance with a probability of about n²/2⁶⁵.
     */
    public static long fingerprint(String text) {
        byte[] folded = folded(text.strip()).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Hashes.sha256().digest(folded)).getLong();
    }

    /** What is white space to {@link #SPACE} becomes one space. */
    private static String folded(String stripped) {
        StringBuilder folded = new StringBuilder(stripped.length());
        boolean parted = false;
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            boolean space = c == ' ' || (c >= '\t' && c <= '\r');
            if (!space) {
                folded.append(parted ? " " : "").append(c);
            }
            parted = space;
        }
        return folded.toString();
    }
}
