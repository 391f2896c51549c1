package io.goodhart.api.experiment;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.report.Measured;
import io.goodhart.api.report.Measurements;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.ExperimentView;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.MeasuredRun;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads the reports of experiments. */
final class ExperimentReports {
    private final Experiments experiments;
    private final ArtifactLibrary library;

    ExperimentReports(Experiments experiments, ArtifactLibrary library) {
        this.experiments = experiments;
        this.library = library;
    }

    /** A report and what it answers. */
    record Answered(ExperimentId id, ExperimentSpec spec, Report report) {}

    /** @throws ConflictException if there is no report */
    Answered get(String id) {
        ExperimentView experiment = experiments.get(ExperimentId.parse(id));
        byte[] json = library.bytes(artifact(experiment));
        Report report = GoodhartJson.read(Report.class, new String(json, StandardCharsets.UTF_8));
        return new Answered(experiment.summary().id(), experiment.spec(), Links.of(report, experiment, experiments));
    }

    /** The numbers per text behind a report, each read when it is asked for. */
    Measurements measurements(ExperimentId id) {
        List<MeasuredRun> runs = experiments.measuredRuns(id);
        return (arm, seed) -> runs.stream()
                .filter(run -> run.arm().equals(arm) && run.seed() == seed)
                .findFirst()
                .map(run -> new Measured(run.evaluation(), run.fixedTexts(), details(run.details())));
    }

    private RunDetails details(ArtifactId id) {
        try (SafetensorsFile file = SafetensorsFile.open(library.file(id))) {
            Map<String, double[]> arrays = new TreeMap<>();
            file.names().forEach(name -> arrays.put(name, file.doubles(name)));
            return RunDetails.of(arrays);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read artifact " + id, e);
        }
    }

    private static ArtifactId artifact(ExperimentView experiment) {
        ArtifactId report = experiment.report();
        if (report != null) {
            return report;
        }
        String state = experiment.summary().state().name().toLowerCase(Locale.ROOT);
        if (experiment.summary().state().isTerminal()) {
            throw new ConflictException(
                    "report_never_made", "The experiment has ended without a report: it is " + state);
        }
        throw new ConflictException("report_not_ready", "There is no report yet: the experiment is " + state);
    }
}
