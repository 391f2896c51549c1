package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of the Hub: {@code hf://owner/name@revision}.
 *
 * @param repository {@code owner/name}
 * @param revision a branch, a tag or a commit; {@code main} if none is given
 */
public record HubReference(String repository, String revision) {
    /** What a reference begins with. */
    public static final String SCHEME = "hf://";

    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
    private static final Pattern REFERENCE =
            Pattern.compile(SCHEME + "(" + WORD + "/" + WORD + ")(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,127}))?");

    /**
     * Reads a reference.
     *
     * @param field what a problem names
     * @throws InvalidInputException with code {@code source_invalid}
     */
    public static HubReference parse(String text, String field) {
        Matcher matcher = REFERENCE.matcher(text);
        if (!matcher.matches() || text.contains("..") || text.indexOf("//", SCHEME.length()) >= 0) {
            throw new InvalidInputException(new Problem(
                    "source_invalid", field, "Need hf://owner/name or hf://owner/name@revision, got " + text));
        }
        String revision = matcher.group(2);
        return new HubReference(matcher.group(1), revision == null ? "main" : revision);
    }

    @Override
    public String toString() {
        return SCHEME + repository + "@" + revision;
    }
}
