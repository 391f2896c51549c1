package io.goodhart.domain.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text → score in [0, 1]. */
public sealed interface ScorerSpec {
    /** Every kind by the name it has outside. */
    static Map<String, Class<? extends ScorerSpec>> kinds() {
        return Map.of("classifier", Classifier.class, "lexicon", Lexicon.class, "judge", Judge.class);
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

    /**
     * Which share of {@code hits} words and phrases of a list a text has: min(1, occurrences / hits). Terms match whole words,
     * whatever the case.
     *
     * @param terms the list itself
     * @param file or a text with one term per line: a path relative to the files root, or a registered data set; empty lines and
     *     those that start with # are skipped
     * @param hits occurrences that make a score of 1; 1 if absent
     */
    record Lexicon(@Nullable List<String> terms, @Nullable String file, Integer hits) implements ScorerSpec {
        public Lexicon {
            terms = terms == null ? null : List.copyOf(terms);
            hits = Require.orElse(hits, 1);
        }
    }

    /**
     * A remote service that scores texts: docs/scorers.md.
     *
     * @param name one of the judges that the operator has configured; addresses and keys never stand in a specification
     */
    record Judge(String name) implements ScorerSpec {
        public Judge {
            name = Require.present(name, "name");
        }
    }
}
