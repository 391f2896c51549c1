package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.Filter;
import org.jspecify.annotations.Nullable;

/**
 * Preference pairs of a data set, in an order that depends on the seed alone.
 *
 * @param dataset which file
 * @param prompt field with the prompt
 * @param chosen field with the completion to prefer
 * @param rejected field with the other completion
 * @param where which rows are eligible
 * @param seed seed of the order
 * @param count number of pairs, the first of that order
 * @param excluding prompts of the same file whose pairs are not drawn
 */
public record PairSlice(
        DatasetRevision dataset,
        String prompt,
        String chosen,
        String rejected,
        @Nullable Filter where,
        long seed,
        int count,
        @Nullable PromptSlice excluding) {}
