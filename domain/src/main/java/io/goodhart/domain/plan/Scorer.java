package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A scorer whose every part is pinned. */
public sealed interface Scorer {
    /** Every kind by the name it has outside. */
    static Map<String, Class<? extends Scorer>> kinds() {
        return Map.of("classifier", Classifier.class, "lexicon", Lexicon.class, "judge", Judge.class);
    }

    /** What it is, for people. */
    String describe();

    /** Every data file that it reads. */
    default List<DatasetRevision> datasets() {
        return this instanceof Lexicon lexicon && lexicon.file() != null ? List.of(lexicon.file()) : List.of();
    }

    /** A sequence classifier's probability of one label. */
    record Classifier(ModelRevision model, String label) implements Scorer {
        @Override
        public String describe() {
            return "%s of %s (sha256 %s)".formatted(label, model.path(), model.sha256());
        }
    }

    /**
     * min(1, occurrences of terms / hits).
     *
     * @param terms the list; empty if it lies in {@code file}
     * @param file one term per line; null if the list is given
     * @param hits occurrences that make a score of 1
     */
    record Lexicon(List<String> terms, @Nullable DatasetRevision file, int hits) implements Scorer {
        public Lexicon {
            terms = List.copyOf(terms);
        }

        @Override
        public String describe() {
            return file == null
                    ? "lexicon of %d terms".formatted(terms.size())
                    : "lexicon %s (sha256 %s)".formatted(file.path(), file.sha256());
        }
    }

    /**
     * A configured remote service.
     *
     * @param version what its operator calls its present state: another version gives other scores
     */
    record Judge(String name, String version) implements Scorer {
        @Override
        public String describe() {
            return "judge %s, version %s".formatted(name, version);
        }
    }
}
