package io.goodhart.modelfiles.json;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Says what is wrong with a text that should be JSON, without what the parser says about itself. */
public final class JsonFault {
    private static final Pattern PARSERS_OWN = Pattern.compile(" \\(start marker at .*\\)$", Pattern.DOTALL);

    private JsonFault() {}

    /** The fault, and where it is where that is known. */
    public static String of(JacksonException failure) {
        String fault = PARSERS_OWN.matcher(failure.getOriginalMessage()).replaceFirst("");
        TokenStreamLocation place = failure.getLocation();
        return place == null || place.getLineNr() < 1
                ? fault
                : "%s (line %d, column %d)".formatted(fault, place.getLineNr(), place.getColumnNr());
    }
}
