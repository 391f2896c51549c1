package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.ValueRules;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import io.goodhart.trainer.MiniExperiment;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.artifact.TrainingSummary;
import io.goodhart.trainer.child.LocalRunner;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.scorer.Judges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Losses, KL, probes on the reference and the best of n, from the specification to the report, on the bundled models. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignalsIT {
    private final TaskExecutors executors = new TaskExecutors(Judges.NONE);
    private final Plan plan = Planner.plan(MiniExperiment.signals(), MiniExperiment.facts(), Set.of());

    private LocalRunner runner;
    private Report report;

    @BeforeAll
    void run(@TempDir Path directory) throws IOException {
        ComputeThread.prepare(1);
        runner = new LocalRunner(executors, Fixtures.root(), directory);
        for (PlannedTask task : plan.tasks()) {
            runner.run(task);
        }
        Path file = runner.output(plan.task(plan.report()).output("report"));
        report = GoodhartJson.read(Report.class, Files.readString(file));
    }

    @AfterAll
    void close() {
        executors.close();
    }

    @Test
    void specificationIsSound() {
        assertThat(ValueRules.check(MiniExperiment.signals())).isEmpty();
    }

    @Test
    void everyTermOfALossIsLogged() {
        assertThat(arm("anchored").training())
                .containsKeys("loss", "loss/preference", "nll/chosen", "kl/ref", "kl/chosen", "kl/rejected");
        assertThat(arm("anchored").training().get("kl/ref")).isPositive();
        assertThat(arm("held-sft").training()).containsKeys("loss/lm", "kl/ref", "probe/mean");
        assertThat(arm("weighted-sft").training().get("probe/mean")).isBetween(0.0, 1.0);
        assertThat(arm("weighted-sft").training().get("loss"))
                .isLessThan(arm("weighted-sft").training().get("loss/lm"));
    }

    @Test
    void ownResponsesEarnTheirTaskLessWhatProbesSay() {
        ArmReport arm = arm("on-policy");
        Map<String, Double> last = arm.training();
        assertThat(last)
                .containsKeys(
                        "reward", "reward_std", "kl", "entropy", "completions/mean_length", "frac_reward_zero_std");
        assertThat(last.get("rewards/task/mean")).isBetween(0.0, 1.0);
        assertThat(last.get("rewards/probe/mean")).isBetween(0.0, 1.0);
        assertThat(last.get("kl")).isPositive();
        assertThat(arm.control()).isEqualTo("on-policy-control");
        assertThat(arm("on-policy-control").kind()).isEqualTo(ArmReport.Kind.CONTROL);
        assertThat(arm.description()).contains("beyond the paper", "score − 0.5 · probability of the max of 2 probes");
    }

    @Test
    void onPolicyTrainingThatGoesOnFromACheckpointEqualsOneThatWasNeverStopped() throws IOException {
        PlannedTask task = onPolicy();
        int before = runner.messages().size();
        Map<String, String> whole = runner.run(task).outputs();
        List<Message.Saved> saved = runner.messages().stream()
                .skip(before)
                .filter(Message.Saved.class::isInstance)
                .map(Message.Saved.class::cast)
                .toList();
        assertThat(saved).extracting(Message.Saved::step).containsExactly(3L, 6L);
        Map<String, String> resumed =
                runner.resume(task, saved.getFirst().path()).outputs();
        assertThat(resumed).isNotEqualTo(whole).hasSameSizeAs(whole);
        for (String output : whole.keySet()) {
            assertThat(Path.of(Objects.requireNonNull(resumed.get(output))))
                    .hasSameBinaryContentAs(Path.of(Objects.requireNonNull(whole.get(output))));
        }
    }

    @Test
    void allWeightsCanLearnFromOwnResponsesToo() throws IOException {
        PlannedTask lora = onPolicy();
        TaskSpec.Train spec = (TaskSpec.Train) lora.spec();
        TrainingSpec full = GoodhartJson.read(
                TrainingSpec.class,
                "{\"mode\": \"full\", \"learning_rate\": 1e-4, \"per_device_train_batch_size\": 8}");
        TaskSpec.Train train = new TaskSpec.Train(
                spec.model(), spec.objective(), TrainingSettings.of(full), spec.points(), spec.seed(), true);
        PlannedTask task = PlannedTask.of(train, lora.inputs(), "all weights");
        runner.run(task);
        TrainingSummary summary = JsonLines.readOne(TrainingSummary.class, runner.output(task.output("summary")));
        assertThat(summary.steps()).isEqualTo(4);
        assertThat(summary.metrics().get("kl")).isPositive();
    }

    private PlannedTask onPolicy() {
        return plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Train train
                        && train.objective() instanceof Objective.Grpo grpo
                        && grpo.lambda() > 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void labellingSignalIsJudged() {
        Map<String, Double> pairs = Objects.requireNonNull(arm("anchored").pairs());
        assertThat(pairs).containsKeys("detector_threshold", "detector_tpr", "detector_fpr", "detector_auroc");
        assertThat(pairs.get("order_agreement")).isBetween(0.0, 1.0);
    }

    @Test
    void bestByTheScorerShowsLessAndCostsNoPerplexity() {
        ArmReport best = arm("best-by-scorer");
        ArmReport baseline = arm("baseline");
        assertThat(score(best)).isLessThan(score(baseline));
        assertThat(best.perplexity())
                .extracting(PerplexityResult::perToken)
                .isEqualTo(baseline.perplexity().stream()
                        .map(PerplexityResult::perToken)
                        .toList());
        assertThat(best.training().get("kl/bound")).isCloseTo(Math.log(4) - 0.75, within(1e-12));
        assertThat(best.control()).isEqualTo("any-of-n");
        assertThat(score(best)).isLessThan(score(arm("best-by-probes")));
    }

    @Test
    void curveOfTheBestOfNStartsWithTheBaselineEndsWithTheArmAndNeverRises() {
        for (String name : List.of("best-by-scorer", "any-of-n", "best-by-probes")) {
            List<Curve.CurvePoint> scores = curve(arm(name), Curve.Quantity.MEAN_SCORE);
            assertThat(scores).extracting(Curve.CurvePoint::point).containsExactly(1, 2, 4);
            assertThat(scores.getFirst().mean()).isCloseTo(score(arm("baseline")), within(1e-6));
            assertThat(scores.getLast().mean()).isCloseTo(score(arm(name)), within(1e-12));
        }
        assertThat(curve(arm("best-by-scorer"), Curve.Quantity.MEAN_SCORE))
                .extracting(Curve.CurvePoint::mean)
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(arm("best-by-probes").curves())
                .filteredOn(curve -> curve.quantity() == Curve.Quantity.AUROC)
                .isNotEmpty()
                .extracting(Curve::set)
                .containsOnly(TextSet.OWN);
    }

    private static List<Curve.CurvePoint> curve(ArmReport arm, Curve.Quantity quantity) {
        return arm.curves().stream()
                .filter(curve -> curve.quantity() == quantity)
                .findFirst()
                .orElseThrow()
                .points();
    }

    private static double score(ArmReport arm) {
        return Objects.requireNonNull(arm.behaviour()).meanScore().value();
    }

    @Test
    void choiceWithoutChanceIsOneRunForAllSeedsAndNobodyDiverged() {
        assertThat(arm("best-by-probes").runs()).hasSize(1);
        assertThat(arm("any-of-n").runs()).hasSize(2);
        assertThat(report.warnings())
                .extracting(Warning::code)
                .doesNotContain(Warning.Code.DIVERGED, Warning.Code.IDENTICAL_SEEDS);
    }

    @Test
    void firstSampleIsTheBaselinesResponseAndSamplesAreShared() {
        assertThat(plan.tasks())
                .filteredOn(
                        task -> task.spec() instanceof TaskSpec.Generate generate && generate.samplesPerPrompt() == 4)
                .hasSize(1);
        Map<String, OutputRef> inputs = plan.task(plan.report()).inputs();
        PlannedTask baseline =
                plan.task(Objects.requireNonNull(inputs.get("final.baseline.7")).task());
        PlannedTask best = plan.task(
                Objects.requireNonNull(inputs.get("final.best-by-probes.7")).task());
        List<List<Integer>> first = rows(Objects.requireNonNull(best.inputs().get("best.responses.0"))).stream()
                .filter(row -> row.sample() == 0)
                .map(ResponseRow::responseIds)
                .toList();
        List<List<Integer>> single = rows(baseline.output("responses")).stream()
                .map(ResponseRow::responseIds)
                .toList();
        assertThat(first).isEqualTo(single);
    }

    private List<ResponseRow> rows(OutputRef output) {
        return JsonLines.read(ResponseRow.class, runner.output(output));
    }

    private ArmReport arm(String name) {
        return report.arm(name).orElseThrow();
    }
}
