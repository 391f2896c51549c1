package io.goodhart.api.experiment;

import io.goodhart.db.experiment.ExperimentId;

/** Where the resources of an experiment are. */
final class ExperimentPaths {
    static final String ROOT = "/v1/experiments";

    private ExperimentPaths() {}

    static String self(ExperimentId id) {
        return ROOT + "/" + id;
    }

    static String report(ExperimentId id) {
        return self(id) + "/report";
    }
}
