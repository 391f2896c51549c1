package io.goodhart.api.experiment;

import io.goodhart.db.experiment.ExperimentView;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.RunView;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.RunLink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ties a report, which is made from numbers alone, to the experiment that asked for it: its runs, artifacts and published numbers. */
final class Links {
    private static final List<String> INPUTS = List.of("final", "details", "training", "pairs");

    private Links() {}

    static Report of(Report report, ExperimentView experiment, Experiments experiments) {
        Map<String, ArtifactId> inputs =
                experiments.reportInputs(experiment.summary().id());
        List<RunLink> runs = experiments.runs(experiment.summary().id()).stream()
                .map(run -> link(run, inputs))
                .toList();
        return report.shownWith(experiment.spec().reference(), runs);
    }

    private static RunLink link(RunView run, Map<String, ArtifactId> inputs) {
        Map<String, ArtifactId> artifacts = new LinkedHashMap<>();
        for (String name : INPUTS) {
            ArtifactId artifact = inputs.get(name + "." + run.arm() + "." + run.seed());
            if (artifact != null) {
                artifacts.put(name, artifact);
            }
        }
        String failure = run.failure() == null ? null : run.failure().detail();
        return new RunLink(run.arm(), run.seed(), run.id().value(), run.state(), failure, artifacts);
    }
}
