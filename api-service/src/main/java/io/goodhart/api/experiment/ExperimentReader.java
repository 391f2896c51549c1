package io.goodhart.api.experiment;

import io.goodhart.api.run.Run;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.ExperimentView;
import io.goodhart.db.experiment.Experiments;
import java.time.InstantSource;
import java.util.List;

/** Puts together what is shown of one experiment. */
final class ExperimentReader {
    private final Experiments experiments;
    private final InstantSource clock;

    ExperimentReader(Experiments experiments, InstantSource clock) {
        this.experiments = experiments;
        this.clock = clock;
    }

    Experiment read(ExperimentId id) {
        ExperimentView view = experiments.get(id);
        List<Run> runs = experiments.runs(id).stream().map(Run::of).toList();
        ExperimentProgress progress =
                ExperimentProgress.of(view.summary().tasks(), experiments.tasks(id), clock.instant());
        return Experiment.of(view, runs, progress);
    }
}
