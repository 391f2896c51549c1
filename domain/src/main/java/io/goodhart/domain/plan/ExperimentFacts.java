package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What planning needs to know of the files that a specification names.
 *
 * @param model the base model
 * @param scorer the behaviour's scorer, pinned
 * @param datasets every data file, by the path that the specification gives
 */
public record ExperimentFacts(ModelFacts model, Scorer scorer, Map<String, DatasetRevision> datasets) {
    public ExperimentFacts {
        datasets = Collections.unmodifiableMap(new LinkedHashMap<>(datasets));
    }

    /** The revision of a data file that the specification names. */
    public DatasetRevision dataset(String path) {
        DatasetRevision revision = datasets.get(path);
        if (revision == null) {
            throw new IllegalArgumentException("No facts about data set " + path);
        }
        return revision;
    }
}
