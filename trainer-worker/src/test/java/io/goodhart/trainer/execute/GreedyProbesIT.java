package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.ValueRules;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.MiniExperiment;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.scorer.Judges;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes that are fitted on greedy responses beside sampled ones, from the specification to the report, on the bundled models. */
class GreedyProbesIT {
    private final Plan plan = Planner.plan(MiniExperiment.greedyProbes(), MiniExperiment.facts(), Set.of());

    @TempDir
    private Path directory;

    @Test
    void probesReadGreedyResponsesAndEvaluationsSampledOnes() throws Exception {
        ComputeThread.prepare(1);
        ExperimentSpec spec = MiniExperiment.greedyProbes();
        assertThat(ValueRules.check(spec)).isEmpty();
        try (TaskExecutors executors = new TaskExecutors(Judges.NONE)) {
            LocalRunner runner = new LocalRunner(executors, Fixtures.root(), directory);
            for (PlannedTask task : plan.tasks()) {
                runner.run(task);
            }
            for (PlannedTask task : plan.tasks()) {
                if (task.spec() instanceof TaskSpec.Generate) {
                    assertThat(longest(runner, task)).isEqualTo(12);
                }
                if (task.spec() instanceof TaskSpec.Evaluate) {
                    assertThat(longest(runner, task)).isEqualTo(8);
                }
            }
            Report report = JsonLines.readOne(
                    Report.class, runner.output(plan.task(plan.report()).output("report")));
            assertThat(report.arms().getFirst().probes())
                    .extracting(probes -> probes.group())
                    .contains(ProbeGroup.TRAIN, ProbeGroup.RETRAINED);
            assertThat(report.rules().statements()).anyMatch(rule -> rule.contains("greedily, at most 12 new tokens"));
        }
    }

    private static int longest(LocalRunner runner, PlannedTask task) {
        List<ResponseRow> rows =
                JsonLines.read(ResponseRow.class, runner.output(new OutputRef(task.key(), "responses")));
        return rows.stream().mapToInt(row -> row.responseIds().size()).max().orElseThrow();
    }
}
