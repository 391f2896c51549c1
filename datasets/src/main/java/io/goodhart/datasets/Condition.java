package io.goodhart.datasets;

import io.goodhart.domain.spec.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds rows against filters. */
final class Condition {
    private Condition() {}

    /** Whether the row fulfils all that the filter says; a row without a value does not. */
    static boolean holds(@Nullable Filter filter, Row row) {
        return filter == null || (holdsAlone(filter, row) && holdsTogether(filter.and(), row));
    }

    private static boolean holdsTogether(@Nullable List<Filter> filters, Row row) {
        return filters == null || filters.stream().allMatch(filter -> holds(filter, row));
    }

    private static boolean holdsAlone(Filter filter, Row row) {
        JsonNode value = row.value(filter.field()).orElse(null);
        if (value == null) {
            return false;
        }
        return (!filter.asksForNumber() || within(row.number(filter.field()), filter.atLeast(), filter.atMost()))
                && isOneOf(filter, value)
                && (!measures(filter) || fits(filter, row.text(filter.field()).strip()));
    }

    private static boolean within(double number, @Nullable Double least, @Nullable Double most) {
        return (least == null || number >= least) && (most == null || number <= most);
    }

    private static boolean isOneOf(Filter filter, JsonNode value) {
        String text = value.asString("");
        return (filter.equals() == null || filter.equals().equals(text))
                && (filter.oneOf() == null || filter.oneOf().contains(text));
    }

    private static boolean measures(Filter filter) {
        return filter.minWords() != null
                || filter.maxWords() != null
                || filter.minCharacters() != null
                || filter.maxCharacters() != null;
    }

    private static boolean fits(Filter filter, String text) {
        return counts(Words.count(text), filter.minWords(), filter.maxWords())
                && counts(text.codePointCount(0, text.length()), filter.minCharacters(), filter.maxCharacters());
    }

    private static boolean counts(int count, @Nullable Integer least, @Nullable Integer most) {
        return (least == null || count >= least) && (most == null || count <= most);
    }
}
