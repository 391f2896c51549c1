package io.goodhart.domain.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows whose field fulfils every condition that is given. A row without a value fulfils none.
 *
 * @param field name of the field; dots lead into objects
 * @param atLeast lower bound of a number; a boolean counts as 0 or 1
 * @param atMost upper bound of a number
 * @param equals what the value must be, as text
 * @param oneOf what the value may be, as texts
 * @param minWords fewest words of a text, parted by white space
 * @param maxWords most words of a text
 * @param minCharacters fewest characters of a text, white space around it not counted
 * @param maxCharacters most characters of a text
 * @param and conditions on other fields, all of which must hold too
 */
public record Filter(
        String field,
        @Nullable Double atLeast,
        @Nullable Double atMost,
        @Nullable String equals,
        @Nullable List<String> oneOf,
        @Nullable Integer minWords,
        @Nullable Integer maxWords,
        @Nullable Integer minCharacters,
        @Nullable Integer maxCharacters,
        @Nullable List<Filter> and) {
    public Filter {
        field = Require.present(field, "field");
        oneOf = oneOf == null ? null : List.copyOf(oneOf);
        and = and == null ? null : List.copyOf(and);
    }

    /** Keeps rows whose number lies in a closed range. */
    public static Filter range(String field, @Nullable Double atLeast, @Nullable Double atMost) {
        return new Filter(field, atLeast, atMost, null, null, null, null, null, null, null);
    }

    /** Whether it asks for a number. */
    public boolean asksForNumber() {
        return atLeast != null || atMost != null;
    }
}
