package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * Keeps rows whose numeric field lies in a closed range.
 *
 * @param field name of the field; a boolean counts as 0 or 1
 * @param atLeast lower bound, none if absent
 * @param atMost upper bound, none if absent
 */
public record Filter(
        String field, @Nullable Double atLeast, @Nullable Double atMost) {
    public Filter {
        field = Require.present(field, "field");
    }
}
