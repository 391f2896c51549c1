package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.LabelRule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Texts of a data set, in an order that depends on the seed alone.
 *
 * @param dataset which file
 * @param field field with the text
 * @param label field with a label, if the texts have labels
 * @param positive labels of positive texts, by name; absent: labels are numbers
 * @param where which rows are eligible
 * @param balanced as many positive as negative texts, each class in the seed's order; only with {@code label}
 * @param seed seed of the order
 * @param count number of texts, the first of that order
 * @param excluding texts of the same file that are not drawn, nor any text that equals one of them but for white space
 * @param excludingPrompts prompts of the same file that are not drawn likewise
 */
public record TextSlice(
        DatasetRevision dataset,
        String field,
        @Nullable String label,
        @Nullable List<String> positive,
        @Nullable Filter where,
        boolean balanced,
        long seed,
        int count,
        @Nullable TextSlice excluding,
        @Nullable PromptSlice excludingPrompts) {
    /** Which texts are positive, if they have labels. */
    public Optional<LabelRule> rule() {
        return Optional.ofNullable(label).map(column -> new LabelRule(column, positive));
    }

    /** Whether another's texts come from the same rows and the same field, with the same labels. */
    boolean isOfTheSourceOf(TextSlice other) {
        return dataset.sha256().equals(other.dataset.sha256())
                && field.equals(other.field)
                && rule().equals(other.rule())
                && Objects.equals(where, other.where);
    }

    /** The first texts of this slice. */
    public TextSlice first(int size) {
        return new TextSlice(
                dataset,
                field,
                label,
                positive,
                where,
                balanced,
                seed,
                Math.min(size, count),
                excluding,
                excludingPrompts);
    }

    /** This slice without the texts of another one. */
    TextSlice without(TextSlice others) {
        return new TextSlice(dataset, field, label, positive, where, balanced, seed, count, others, excludingPrompts);
    }

    /** This slice without prompts. */
    TextSlice without(PromptSlice prompts) {
        return new TextSlice(dataset, field, label, positive, where, balanced, seed, count, excluding, prompts);
    }
}
