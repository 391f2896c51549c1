package io.goodhart.trainer.execute;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.TaskSpec.Report;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.ProbeSweep.LayerScore;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.trainer.artifact.Details;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.SweepSummary;
import io.goodhart.trainer.artifact.TrainingSummary;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.report.ReportBuilder;
import io.goodhart.trainer.report.ReportInputs;
import io.goodhart.trainer.report.ReportInputs.RunKey;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import io.goodhart.trainer.report.ReportInputs.Unmeasured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads what the other tasks have measured and answers the experiment. */
final class ReportExecutor implements TaskExecutor<Report> {
    @Override
    public void execute(Report spec, TaskContext context) {
        ProvenanceBook provenance = new ProvenanceBook();
        Map<RunKey, RunResult> runs = new LinkedHashMap<>();
        Map<RunKey, Unmeasured> unmeasured = new LinkedHashMap<>();
        Map<String, Map<String, Double>> pairs = new LinkedHashMap<>();
        for (String arm : spec.arms().keySet()) {
            context.stop().check();
            List<Map<String, Double>> summaries = new ArrayList<>();
            for (long seed : spec.seeds()) {
                context.optionalInput("pairs." + arm + "." + seed).ifPresent(path -> summaries.add(numbers(path)));
                RunKey key = new RunKey(arm, seed);
                run(context, arm + "." + seed, provenance)
                        .ifPresentOrElse(
                                result -> runs.put(key, result),
                                () -> unmeasured.put(key, unmeasured(spec, key, context)));
            }
            if (!summaries.isEmpty()) {
                pairs.put(arm, means(summaries));
            }
        }
        ProbeSweep sweep =
                context.optionalInput("sweep").map(ReportExecutor::sweep).orElse(null);
        List<DatasetRevision> sources = spec.sources() == null ? List.of() : spec.sources();
        ReportInputs inputs = new ReportInputs(provenance.provenance(sources), sweep, runs, pairs, unmeasured);
        JsonLines.writeOne(context.output("report"), ReportBuilder.build(spec, inputs));
    }

    private static Unmeasured unmeasured(Report spec, RunKey key, TaskContext context) {
        String run = key.arm() + "." + key.seed();
        if (context.optionalInput("training." + run).isPresent()) {
            return Unmeasured.NOT_FINITE;
        }
        boolean lacksPairs = spec.arms().get(key.arm()) instanceof ArmSpec.Dpo
                && context.optionalInput("pairs." + run).isEmpty();
        return lacksPairs ? Unmeasured.NO_PAIRS : Unmeasured.DIVERGED;
    }

    /** What was measured of a run; empty if its training diverged, or its model computes nothing finite. */
    private static Optional<RunResult> run(TaskContext context, String run, ProvenanceBook provenance) {
        Optional<Path> measured = context.optionalInput("details." + run);
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        Details details = Details.read(measured.get());
        provenance.add(details.metadata());
        SortedMap<Integer, Evaluation> points = new TreeMap<>();
        String prefix = "point." + run + ".";
        context.inputs().forEach((name, path) -> {
            if (name.startsWith(prefix)) {
                points.put(
                        Integer.parseInt(name.substring(prefix.length())), JsonLines.readOne(Evaluation.class, path));
            }
        });
        return Optional.of(new RunResult(
                JsonLines.readOne(Evaluation.class, context.input("final." + run)),
                RunDetails.of(details.arrays()),
                points,
                context.optionalInput("training." + run)
                        .map(path ->
                                JsonLines.readOne(TrainingSummary.class, path).metrics())
                        .orElse(Map.of())));
    }

    private static ProbeSweep sweep(Path path) {
        SweepSummary summary = JsonLines.readOne(SweepSummary.class, path);
        List<LayerScore> scores = summary.aurocByLayer().entrySet().stream()
                .map(entry -> new LayerScore(Integer.parseInt(entry.getKey()), entry.getValue()))
                .toList();
        Map<String, Double> facts = new LinkedHashMap<>();
        summary.counts().forEach((name, count) -> facts.put(name, count.doubleValue()));
        facts.put("base_rate", summary.baseRate());
        return new ProbeSweep(
                summary.site() == Site.FINAL_NORM ? null : summary.layer(),
                summary.site().wireName(),
                scores,
                summary.cosine(),
                summary.probes(),
                facts,
                summary.labelled());
    }

    private static Map<String, Double> means(List<Map<String, Double>> summaries) {
        Map<String, Double> means = new LinkedHashMap<>();
        summaries
                .getFirst()
                .keySet()
                .forEach(name -> means.put(
                        name,
                        summaries.stream()
                                .mapToDouble(summary -> Objects.requireNonNull(summary.get(name)))
                                .average()
                                .orElseThrow()));
        return means;
    }

    /** Every number of a JSON object. */
    private static Map<String, Double> numbers(Path path) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field :
                GoodhartJson.tree(JsonLines.text(path)).properties()) {
            if (field.getValue().isNumber()) {
                numbers.put(field.getKey(), field.getValue().asDouble());
            }
        }
        return numbers;
    }
}
