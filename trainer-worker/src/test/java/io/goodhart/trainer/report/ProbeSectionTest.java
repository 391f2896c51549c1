package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import io.goodhart.trainer.report.SyntheticExperiment.Truth;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProbeSectionTest {
    private static final double CLOSED_FORM = 1e-12;
    private static final Truth TRUTH = new Truth(0.3, 1.1, 1.2, 1.1, -0.4, 0.1);

    @Test
    void accuracyOnFixedTextsIsNotMixedWithThatOnOwnTextsOfAnUntrainedModelThatWasSampledAnew() {
        SyntheticExperiment experiment = experiment();
        for (long seed : experiment.seeds()) {
            experiment.replace("baseline", seed, experiment.run("probe-dpo", seed));
        }
        double expected = experiment.seeds().stream()
                .flatMap(seed -> experiment.run("baseline", seed).evaluation().probes().stream())
                .filter(reading -> reading.role() == ProbeRole.TRAIN
                        && reading.set() == TextSet.FIXED
                        && reading.transfer() == Transfer.FROZEN)
                .mapToDouble(ProbeReading::accuracy)
                .average()
                .orElseThrow();

        assertThat(Objects.requireNonNull(result(experiment, "baseline", ProbeGroup.TRAIN, TextSet.FIXED)
                        .accuracy()))
                .isCloseTo(expected, within(CLOSED_FORM));
    }

    @Test
    void everySeedCountsAsMuchInAMeanProbabilityHoweverManyTextsItHas() {
        SyntheticExperiment experiment = experiment();
        RunResult whole = experiment.run("probe-dpo", 1);
        Map<String, double[]> details = new HashMap<>();
        whole.details()
                .names()
                .forEach(name -> details.put(name, whole.details().array(name).orElseThrow()));
        double[] thinned = details.get("probe.held_out.0.own").clone();
        Arrays.fill(thinned, 0, 300, Double.NaN);
        details.put("probe.held_out.0.own", thinned);
        experiment.replace(
                "probe-dpo",
                1,
                new RunResult(whole.evaluation(), RunDetails.of(details), whole.points(), whole.training()));

        double[] other = experiment
                .run("probe-dpo", 1)
                .details()
                .array("probe.held_out.1.own")
                .orElseThrow();
        double first = 0;
        int texts = 0;
        for (int i = 300; i < other.length; i++) {
            first += (thinned[i] + other[i]) / 2;
            texts++;
        }
        RunDetails second = experiment.run("probe-dpo", 2).details();
        double[] a = second.array("probe.held_out.0.own").orElseThrow();
        double[] b = second.array("probe.held_out.1.own").orElseThrow();
        double sum = 0;
        int readable = 0;
        for (int i = 0; i < a.length; i++) {
            if (!Double.isNaN(a[i]) && !Double.isNaN(b[i])) {
                sum += (a[i] + b[i]) / 2;
                readable++;
            }
        }

        assertThat(result(experiment, "probe-dpo", ProbeGroup.HELD_OUT, TextSet.OWN)
                        .meanProbability())
                .isCloseTo((first / texts + sum / readable) / 2, within(CLOSED_FORM));
    }

    @Test
    void detectableDifferenceIsCorrectedOverTheArmsThatHaveTheReading() {
        SyntheticExperiment alone = experiment();
        SyntheticExperiment beside =
                experiment().arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.5, 1.1, 1.2, 1.1, 0, 0));

        assertThat(detectable(beside, ProbeGroup.SEEN)).isEqualTo(detectable(alone, ProbeGroup.SEEN));
        assertThat(detectable(beside, ProbeGroup.TRAIN)).isGreaterThan(detectable(alone, ProbeGroup.TRAIN));
        assertThat(Objects.requireNonNull(
                        Objects.requireNonNull(behaviour(beside).againstControl())
                                .detectable()))
                .isEqualTo(Objects.requireNonNull(behaviour(alone).againstControl())
                        .detectable());
    }

    private static SyntheticExperiment experiment() {
        return new SyntheticExperiment(5, List.of(1L, 2L))
                .arm("probe-dpo", SyntheticExperiment.dpo(ArmSpec.LabelBy.PROBES, 1), TRUTH)
                .arm("random-dpo", SyntheticExperiment.dpo(ArmSpec.LabelBy.RANDOM, null), SyntheticExperiment.BASE);
    }

    private static double detectable(SyntheticExperiment experiment, ProbeGroup group) {
        Comparison comparison = Objects.requireNonNull(
                result(experiment, "probe-dpo", group, TextSet.FIXED).againstBaseline());
        return Objects.requireNonNull(comparison.detectable());
    }

    private static ArmReport.Behaviour behaviour(SyntheticExperiment experiment) {
        return Objects.requireNonNull(arm(experiment, "probe-dpo").behaviour());
    }

    private static ProbeResult result(SyntheticExperiment experiment, String arm, ProbeGroup group, TextSet set) {
        return arm(experiment, arm).probes().stream()
                .filter(result ->
                        result.group() == group && result.set() == set && result.transfer() == Transfer.FROZEN)
                .findFirst()
                .orElseThrow();
    }

    private static ArmReport arm(SyntheticExperiment experiment, String arm) {
        return ReportBuilder.build(experiment.spec(), experiment.inputs(), 2)
                .arm(arm)
                .orElseThrow();
    }
}
