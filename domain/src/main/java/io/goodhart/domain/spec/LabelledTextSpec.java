package io.goodhart.domain.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts with labels that do not come from the scorer, read by every model alike.
 *
 * @param dataset JSON-lines file, relative to the files root
 * @param field its field with the text
 * @param label its field with the label
 * @param positive labels of positive texts, by name; absent: labels are numbers, positive iff at least 0.5
 * @param examples how many texts, drawn without replacement
 * @param balanced half of the texts positive and half negative, whatever the file's share; no if absent
 */
public record LabelledTextSpec(
        String dataset,
        String field,
        String label,
        @Nullable List<String> positive,
        Integer examples,
        Boolean balanced) {
    public LabelledTextSpec {
        dataset = Require.present(dataset, "dataset");
        field = Require.orElse(field, "text");
        label = Require.present(label, "label");
        positive = LabelRule.distinct(positive);
        examples = Require.present(examples, "examples");
        balanced = Require.orElse(balanced, false);
    }

    /** Which texts are positive. */
    public LabelRule rule() {
        return new LabelRule(label, positive);
    }
}
