package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.PromptSpec;
import org.jspecify.annotations.Nullable;

/**
 * A part of a data set's distinct prompts. The eligible prompts are put in an order that depends on the seed alone; the
 * slice is {@code offset … offset + count - 1} of it, so slices that do not overlap are disjoint.
 *
 * @param dataset which file
 * @param field field with the text
 * @param where which rows are eligible
 * @param prefix how a text is cut to its first words
 * @param template text around the prompt
 * @param seed seed of the order
 * @param offset first prompt
 * @param count number of prompts
 */
public record PromptSlice(
        DatasetRevision dataset,
        String field,
        @Nullable Filter where,
        PromptSpec.@Nullable Prefix prefix,
        String template,
        long seed,
        int offset,
        int count) {
    /** The same prompts without the template around them. */
    public PromptSlice bare() {
        return new PromptSlice(dataset, field, where, prefix, "{text}", seed, offset, count);
    }

    /** The part of this slice that starts {@code from} prompts into it. */
    public PromptSlice part(int from, int size) {
        if (from < 0 || size < 1 || from + size > count) {
            throw new IllegalArgumentException("No part " + from + "+" + size + " in a slice of " + count);
        }
        return new PromptSlice(dataset, field, where, prefix, template, seed, offset + from, size);
    }
}
