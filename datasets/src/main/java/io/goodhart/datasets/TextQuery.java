package io.goodhart.datasets;

import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.LabelRule;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a data file are texts, and what they are.
 *
 * @param field field with the text
 * @param label which texts are positive, if they have labels
 * @param where which rows to keep; all if absent
 */
public record TextQuery(
        String field, @Nullable LabelRule label, @Nullable Filter where) {
    static TextQuery of(TextSlice slice) {
        return new TextQuery(slice.field(), slice.rule().orElse(null), slice.where());
    }
}
