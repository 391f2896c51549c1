package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.CurvePoint;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import io.goodhart.trainer.report.SyntheticExperiment.Truth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BestOfNCurveTest {
    private static final ArmReport ARM = report();

    private static ArmReport report() {
        SyntheticExperiment experiment = new SyntheticExperiment(5, List.of(1L));
        experiment.arm(
                "best",
                new ArmSpec.BestOfN(4, ArmSpec.LabelBy.SCORER, null, null),
                new Truth(0.1, 1.2, 1.2, 1.2, 0, 0));
        RunResult run = experiment.run("best", 1);
        experiment.replace(
                "best",
                1,
                new RunResult(
                        run.evaluation(),
                        run.details(),
                        new TreeMap<>(Map.of(
                                1, onOwn(experiment.run("baseline", 1).evaluation()),
                                2, onOwn(run.evaluation()),
                                4, onOwn(run.evaluation()))),
                        run.training()));
        return ReportBuilder.build(experiment.spec(), experiment.inputs(), 0)
                .arm("best")
                .orElseThrow();
    }

    /** As the points of the best of n are: without what does not depend on n. */
    private static Evaluation onOwn(Evaluation all) {
        return new Evaluation(
                all.prompts(),
                all.positives(),
                all.meanScore(),
                all.meanTokens(),
                all.empty(),
                all.repetition(),
                all.probes().stream()
                        .filter(reading -> reading.set() == TextSet.OWN)
                        .toList(),
                Map.of());
    }

    @Test
    void pointsAreNumbersOfResponses() {
        assertThat(curves(Quantity.RATE))
                .singleElement()
                .satisfies(curve ->
                        assertThat(curve.points()).extracting(CurvePoint::point).containsExactly(1, 2, 4));
    }

    @Test
    void firstPointsOwnTextsAreNobodysFixedOnes() {
        assertThat(curves(Quantity.AUROC)).isNotEmpty().extracting(Curve::set).containsOnly(TextSet.OWN);
        assertThat(curves(Quantity.PERPLEXITY)).isEmpty();
    }

    /** 41 % of the prompts at first, as the untrained model, and what the best of four shows from then on. */
    @Test
    void pointsHaveTheirOwnRates() {
        double best = Objects.requireNonNull(ARM.behaviour()).rate().value();

        assertThat(curves(Quantity.RATE).getFirst().points())
                .extracting(CurvePoint::mean)
                .containsExactly(0.41, best, best);
        assertThat(best).isLessThan(0.2);
    }

    /** ln 4 − 3/4. */
    @Test
    void distanceFromTheUntrainedModelIsThatOfAllResponses() {
        assertThat(ARM.training()).containsOnlyKeys("kl/bound");
        assertThat(ARM.training().get("kl/bound")).isCloseTo(0.6362943611198906, within(1e-12));
    }

    @Test
    void controlIsTheDrawnChoiceOrElseTheBestOfOne() {
        SyntheticExperiment experiment = new SyntheticExperiment(5, List.of(1L));
        Truth truth = new Truth(0.3, 1.2, 1.2, 1.2, 0, 0);
        experiment.arm("other", new ArmSpec.BestOfN(4, ArmSpec.LabelBy.PROBES, 1, ArmSpec.Combine.MEAN), truth);
        experiment.arm("best", new ArmSpec.BestOfN(4, ArmSpec.LabelBy.SCORER, null, null), truth);
        experiment.arm("drawn", new ArmSpec.BestOfN(4, ArmSpec.LabelBy.RANDOM, null, null), truth);
        Report report = ReportBuilder.build(experiment.spec(), experiment.inputs(), 0);

        assertThat(ARM.control()).isEqualTo("baseline");
        assertThat(report.arm("best").orElseThrow().control()).isEqualTo("drawn");
        assertThat(report.arm("drawn").orElseThrow().control()).isEqualTo("baseline");
    }

    private static List<Curve> curves(Quantity quantity) {
        return ARM.curves().stream()
                .filter(curve -> curve.quantity() == quantity)
                .toList();
    }
}
