package io.goodhart.domain.plan;

import io.goodhart.domain.model.ModelRevision;
import java.util.Map;

/** A scorer whose every part is pinned. */
public sealed interface Scorer {
    /** Every kind by the name it has outside. */
    static Map<String, Class<? extends Scorer>> kinds() {
        return Map.of("classifier", Classifier.class);
    }

    /** A sequence classifier's probability of one label. */
    record Classifier(ModelRevision model, String label) implements Scorer {}
}
