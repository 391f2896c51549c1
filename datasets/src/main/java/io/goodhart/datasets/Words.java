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

    /** The words, none of them empty. */
    static List<String> of(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? List.of() : List.of(SPACE.split(stripped));
    }

    static int count(String text) {
        return of(text).size();
    }

    /**
     * Names a text as a reader sees it: equal for texts that differ in white space only. First eight bytes, big endian, of the
     * sha256 of the words with single spaces; two of n texts collide by chance with a probability of about n²/2⁶⁵.
     */
    public static long fingerprint(String text) {
        byte[] folded = String.join(" ", of(text)).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Hashes.sha256().digest(folded)).getLong();
    }
}
