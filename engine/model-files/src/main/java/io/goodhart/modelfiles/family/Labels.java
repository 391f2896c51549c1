package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.ConfigReader;
import java.util.List;

/**
 * What a classifier tells apart.
 *
 * @param names in the order of the head's outputs
 * @param multiLabel whether each has a probability of its own instead of one among all
 */
record Labels(List<String> names, boolean multiLabel) {
    /** By {@code id2label} or, as in transformers, {@code num_labels} anonymous ones, or two. */
    static Labels read(ConfigReader json) {
        List<String> names = json.labels("id2label", "num_labels");
        String type = json.text("problem_type", "single_label_classification");
        boolean multiLabel = type.equals("multi_label_classification");
        if (!multiLabel && !type.equals("single_label_classification")) {
            json.refuse("problem_type", "'%s' is not supported".formatted(type));
        }
        json.check(
                multiLabel || names.size() >= 2, "id2label", "one label needs problem_type multi_label_classification");
        return new Labels(names, multiLabel);
    }
}
