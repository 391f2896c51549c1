package io.goodhart.db.experiment;

import io.goodhart.domain.NotFoundException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads ids as the outside writes them. */
final class Ids {
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private Ids() {}

    static UUID parse(String text, String what) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new NotFoundException("There is no " + what + " " + text);
        }
        return UUID.fromString(text);
    }
}
