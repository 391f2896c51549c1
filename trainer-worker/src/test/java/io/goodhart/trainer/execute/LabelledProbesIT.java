package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.datasets.Words;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.ValueRules;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.MiniExperiment;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.artifact.SweepSummary;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.scorer.Judges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes on labelled texts from the specification to the report, on the bundled models. */
class LabelledProbesIT {
    private static final int OF_EACH = 30;

    @TempDir
    private Path directory;

    @Test
    void areFittedOnDisjointBalancedTextsAndOnTheSameOnesByEveryModel() throws Exception {
        ComputeThread.prepare(1);
        ExperimentSpec spec = MiniExperiment.labelledProbes();
        assertThat(ValueRules.check(spec)).isEmpty();
        Plan plan = Planner.plan(spec, MiniExperiment.facts(), Set.of());
        assertThat(plan.tasks()).noneMatch(task -> task.spec() instanceof TaskSpec.Generate);
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            LocalRunner runner = new LocalRunner(executors, Fixtures.root(), directory);
            for (PlannedTask task : plan.tasks()) {
                runner.run(task);
            }
            checkTexts(plan, runner);
            checkEvaluations(plan, runner);
            checkRecords(plan, runner);
        }
    }

    private static void checkTexts(Plan plan, LocalRunner runner) {
        List<PlannedTask> reads = tasks(plan, TaskSpec.ReadTexts.class);
        assertThat(reads).hasSize(5); // three probes', and one retrained probe's as two models read them
        List<List<String>> texts = reads.stream()
                .map(task -> JsonLines.read(ResponseRow.class, runner.output(new OutputRef(task.key(), "responses"))))
                .map(rows -> rows.stream().map(ResponseRow::response).toList())
                .toList();
        List<Long> all = new ArrayList<>();
        texts.stream().distinct().forEach(set -> set.forEach(text -> all.add(Words.fingerprint(text))));
        assertThat(all).hasSize(4 * OF_EACH).doesNotHaveDuplicates();
        for (PlannedTask read : reads) {
            double[] labels = Column.read(runner.output(new OutputRef(read.key(), "scores")), Column.SCORE);
            for (int n = 0; n < OF_EACH; n++) {
                assertThat(labels[n]).isEqualTo(n % 2 == 0 ? 1 : 0);
            }
        }
    }

    private static void checkEvaluations(Plan plan, LocalRunner runner) {
        for (PlannedTask task : tasks(plan, TaskSpec.Evaluate.class)) {
            if (task.inputs().containsKey("retrained")) {
                Evaluation evaluation =
                        JsonLines.readOne(Evaluation.class, runner.output(new OutputRef(task.key(), "evaluation")));
                double retrained = meanProbability(evaluation, ProbeRole.RETRAINED);
                assertThat(meanProbability(evaluation, ProbeRole.REFITTED)).isCloseTo(retrained, within(1e-4));
            }
        }
    }

    private static double meanProbability(Evaluation evaluation, ProbeRole role) {
        return evaluation.probes().stream()
                .filter(reading -> reading.role() == role && reading.set() == TextSet.OWN)
                .filter(reading -> reading.transfer() == Transfer.FROZEN)
                .mapToDouble(ProbeReading::meanProbability)
                .average()
                .orElseThrow();
    }

    private static void checkRecords(Plan plan, LocalRunner runner) {
        PlannedTask fit = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.FitProbes one
                        && one.roles().contains(ProbeRole.TRAIN))
                .findFirst()
                .orElseThrow();
        SweepSummary sweep = JsonLines.readOne(SweepSummary.class, runner.output(new OutputRef(fit.key(), "sweep")));
        assertThat(Objects.requireNonNull(sweep.fits().get("train-0")))
                .containsEntry("fitted_on", "labelled_texts")
                .containsEntry("dataset", "data/tweets_test.jsonl")
                .containsEntry("label", "toxic")
                .containsEntry("positives", 10)
                .doesNotContainKey("template");
        assertThat(sweep.baseRate()).isEqualTo(0.5);
        PlannedTask last = tasks(plan, TaskSpec.Report.class).getFirst();
        Report report = JsonLines.readOne(Report.class, runner.output(new OutputRef(last.key(), "report")));
        assertThat(Objects.requireNonNull(report.sweep()).labelled()).isEqualTo(sweep.labelled());
        assertThat(report.rules().statements())
                .anyMatch(text -> text.contains("labels of their own"))
                .noneMatch(text -> text.contains("the trained model's own responses"));
        assertThat(report.provenance().datasets())
                .contains(Objects.requireNonNull(sweep.labelled()).dataset());
    }

    private static List<PlannedTask> tasks(Plan plan, Class<? extends TaskSpec> kind) {
        return plan.tasks().stream()
                .filter(task -> kind.isInstance(task.spec()))
                .toList();
    }
}
