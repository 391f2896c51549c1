package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.ValueRules;
import io.goodhart.probing.Probe;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.MiniExperiment;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.scorer.Judges;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of probe and every site from the specification to the report, on the bundled models. */
class ProbeKindsIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'kind': 'logistic', 'site': 'resid_pre', 'layers': [1, 4], 'pooling': 'per_token', 'aggregation': 'ema_max', 'permuted': 1",
                "'kind': 'mean_difference', 'site': 'mlp_act', 'layer': 3, 'pooling': 'last', 'threshold': {'fpr': 0.2}",
                "'kind': 'attention', 'site': 'final_norm', 'heads': 2",
                "'kind': 'max_pooled', 'site': 'attn_out', 'layer': 2, 'calibration_method': 'platt'",
                "'kind': 'mlp', 'site': 'mlp_out', 'layer': 2, 'hidden': 4, 'class_weights': 'balanced', 'permuted': 1",
                "'kind': 'subspace', 'site': 'resid_mid', 'layer': 4, 'directions': 2, 'calibration_method': 'platt'"
            })
    void isFittedEvaluatedAndReported(String fields) throws Exception {
        ComputeThread.prepare(1);
        ExperimentSpec spec = MiniExperiment.probes(fields.replace('\'', '"'));
        assertThat(ValueRules.check(spec)).isEmpty();
        Plan plan = Planner.plan(spec, MiniExperiment.facts(), Set.of());
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            LocalRunner runner = new LocalRunner(executors, Fixtures.root(), directory);
            for (PlannedTask task : plan.tasks()) {
                runner.run(task);
            }
            for (PlannedTask task : plan.tasks()) {
                if (task.spec() instanceof TaskSpec.FitProbes fit && fit.roles().contains(ProbeRole.TRAIN)) {
                    checkProbes(ProbeSet.read(runner.output(new OutputRef(task.key(), "probes"))), spec);
                }
                if (task.spec() instanceof TaskSpec.Evaluate) {
                    checkReadings(JsonLines.readOne(
                            Evaluation.class, runner.output(new OutputRef(task.key(), "evaluation"))));
                }
                if (task.spec() instanceof TaskSpec.Report) {
                    Report report = JsonLines.readOne(Report.class, runner.output(new OutputRef(task.key(), "report")));
                    assertThat(Objects.requireNonNull(report.sweep()).layer() == null)
                            .isEqualTo(spec.probes().site() == Site.FINAL_NORM);
                    assertThat(report.arms().getFirst().probes())
                            .extracting(probes -> probes.group() == ProbeGroup.CONTROL)
                            .contains(spec.probes().permuted() > 0);
                }
            }
        }
    }

    private static void checkProbes(ProbeSet set, ExperimentSpec spec) {
        assertThat(set.probes()).hasSize(2 + spec.probes().permuted()).allSatisfy(probe -> {
            assertThat(probe.fit().kind()).isEqualTo(spec.probes().kind());
            assertThat(probe.readPoint().site()).isEqualTo(spec.probes().site());
            assertThat(probe.aggregation()).isEqualTo(spec.probes().rowAggregation());
            assertThat(probe.readsTokens()).isEqualTo(spec.probes().pooling() == Pooling.PER_TOKEN);
        });
        assertThat(set.of(ProbeRole.CONTROL))
                .hasSize(spec.probes().permuted())
                .extracting(Probe::fit)
                .doesNotContainAnyElementsOf(
                        set.of(ProbeRole.TRAIN).stream().map(Probe::fit).toList());
    }

    private static void checkReadings(Evaluation evaluation) {
        assertThat(evaluation.probes()).isNotEmpty().allSatisfy(reading -> {
            assertThat(reading.texts()).isPositive();
            assertThat(reading.meanProbability()).isBetween(0.0, 1.0);
        });
        assertThat(evaluation.probes().stream().map(ProbeReading::role)).contains(ProbeRole.REFITTED);
        assertThat(Arrays.stream(Evaluation.Transfer.values()))
                .allMatch(transfer -> evaluation.probes().stream().anyMatch(reading -> reading.transfer() == transfer));
    }
}
