package io.goodhart.domain.validate;

import io.goodhart.domain.spec.Filter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rules about which rows of a data set are kept. */
final class FilterRules {
    private FilterRules() {}

    static void check(@Nullable Filter filter, String field, Problems problems) {
        if (filter == null) {
            return;
        }
        if (Stream.of(
                        filter.atLeast(),
                        filter.atMost(),
                        filter.equals(),
                        filter.oneOf(),
                        filter.minWords(),
                        filter.maxWords(),
                        filter.minCharacters(),
                        filter.maxCharacters())
                .allMatch(Objects::isNull)) {
            problems.add(
                    "missing_field",
                    field,
                    "Give at_least, at_most, equals, one_of, min_words, max_words, min_characters or max_characters");
        }
        checkRange(filter.atLeast(), filter.atMost(), field, problems);
        if (filter.oneOf() != null) {
            problems.require(!filter.oneOf().isEmpty(), field + ".one_of", "Name at least one value");
        }
        checkCounts("words", filter.minWords(), filter.maxWords(), field, problems);
        checkCounts("characters", filter.minCharacters(), filter.maxCharacters(), field, problems);
        List<Filter> others = filter.and() == null ? List.of() : filter.and();
        for (int i = 0; i < others.size(); i++) {
            check(others.get(i), field + ".and[" + i + "]", problems);
        }
    }

    private static void checkRange(@Nullable Double least, @Nullable Double most, String field, Problems problems) {
        problems.require(
                (least == null || Double.isFinite(least)) && (most == null || Double.isFinite(most)),
                field,
                "Bounds must be finite");
        if (least != null && most != null) {
            problems.require(least <= most, field, "at_least %s is above at_most %s".formatted(least, most));
        }
    }

    private static void checkCounts(
            String what, @Nullable Integer least, @Nullable Integer most, String field, Problems problems) {
        if (least != null) {
            problems.within(least, 0, Problems.MANY, field + ".min_" + what);
        }
        if (most != null) {
            problems.within(most, 0, Problems.MANY, field + ".max_" + what);
        }
        if (least != null && most != null) {
            problems.require(least <= most, field, "min_%s %d is above max_%s %d".formatted(what, least, what, most));
        }
    }
}
