package io.goodhart.domain.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts with labels of their own that probes are fitted on instead of sampled responses.
 *
 * @param dataset where the texts are from: a path below the files root, or a registered data set
 * @param field its field with the text
 * @param label its field with the label
 * @param positive labels of positive texts, by name; absent: labels are numbers, positive iff at least 0.5
 * @param where which rows are eligible; all if absent
 * @param balanced half of each probe's texts positive and half negative, whatever the file's share; no if absent
 */
public record ProbeTextSpec(
        String dataset,
        String field,
        String label,
        @Nullable List<String> positive,
        @Nullable Filter where,
        Boolean balanced) {
    public ProbeTextSpec {
        dataset = Require.present(dataset, "dataset");
        field = Require.orElse(field, "text");
        label = Require.present(label, "label");
        positive = LabelRule.distinct(positive);
        balanced = Require.orElse(balanced, false);
    }

    /** Which texts are positive. */
    public LabelRule rule() {
        return new LabelRule(label, positive);
    }
}
