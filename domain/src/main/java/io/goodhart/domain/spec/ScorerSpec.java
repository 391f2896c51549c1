package io.goodhart.domain.spec;

import java.util.Map;

/** Text → score in [0, 1]. */
public sealed interface ScorerSpec {
    /** Every kind by the name it has outside. */
    static Map<String, Class<? extends ScorerSpec>> kinds() {
        return Map.of("classifier", Classifier.class);
    }

    /**
     * A sequence classifier's probability of one label.
     *
     * @param model directory of the classifier, relative to the files root
     * @param label one of the classifier's labels
     */
    record Classifier(String model, String label) implements ScorerSpec {
        public Classifier {
            model = Require.present(model, "model");
            label = Require.present(label, "label");
        }
    }
}
