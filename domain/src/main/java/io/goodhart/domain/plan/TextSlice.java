package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.Filter;
import org.jspecify.annotations.Nullable;

/**
 * Texts of a data set, in an order that depends on the seed alone.
 *
 * @param dataset which file
 * @param field field with the text
 * @param label field with a label, if the texts have labels
 * @param where which rows are eligible
 * @param balanced as many positive as negative texts, each class in the seed's order; only with {@code label}
 * @param seed seed of the order
 * @param count number of texts, the first of that order
 */
public record TextSlice(
        DatasetRevision dataset,
        String field,
        @Nullable String label,
        @Nullable Filter where,
        boolean balanced,
        long seed,
        int count) {
    /** The first texts of this slice. */
    public TextSlice first(int size) {
        return new TextSlice(dataset, field, label, where, balanced, seed, Math.min(size, count));
    }
}
