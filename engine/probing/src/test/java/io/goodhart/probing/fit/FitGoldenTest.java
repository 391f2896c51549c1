package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.Golden;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Tensors;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.RocAuc;
import java.util.List;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class FitGoldenTest {
    private static final Tensors DATA = Golden.tensors("activations.safetensors");
    private static final Tensors FITS = Golden.tensors("fits.safetensors");
    private static final JsonNode VALUES = Golden.json("values.json");

    @ParameterizedTest
    @CsvSource({
        "C1, train, 1, NONE, 1e-5",
        "C0.01, train, 0.01, NONE, 1e-5",
        "C100, train, 100, NONE, 1e-4",
        "C1_balanced, train, 1, BALANCED, 1e-5",
        "wide, wide_train, 1, NONE, 1e-5"
    })
    void logisticRegressionFindsTheOptimumOfScikitLearn(
            String name, String split, double c, ClassWeights weights, double tolerance) {
        LinearFit probe = new LogisticRegression(c, weights).fit(DATA.examples(split));
        assertRelative(probe.standardiser().mean(), name + "/mu");
        assertRelative(probe.standardiser().scale(), name + "/sigma");
        assertClose(probe.weight().toArray(), FITS.doubles(name + "/w"), tolerance);
        assertThat(probe.bias()).isCloseTo(FITS.scalar(name + "/b"), within(tolerance));
        assertClose(probe.foldedWeight().toArray(), FITS.doubles(name + "/folded_w"), tolerance);
        assertThat(probe.foldedBias()).isCloseTo(FITS.scalar(name + "/folded_b"), within(Golden.LOGITS));
        for (String other : List.of("train", "calibration", "test", "wide_test")) {
            if (FITS.has(name + "/" + other + "/logit")) {
                LabelledActivations rows = DATA.examples(other);
                double[] logits = FITS.doubles(name + "/" + other + "/logit");
                assertClose(probe.logits(rows.activations()), logits, Golden.LOGITS);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"C1, 1, NONE", "C0.01, 0.01, NONE", "C100, 100, NONE", "C1_balanced, 1, BALANCED"})
    void probabilitiesThresholdAndAccuracyFollowFromTheFit(String name, double c, ClassWeights weights) {
        LinearFit probe = new LogisticRegression(c, weights).fit(DATA.examples("train"));
        LabelledActivations calibration = DATA.examples("calibration");
        LabelledActivations test = DATA.examples("test");
        double[] probabilities = probe.probabilities(calibration.activations());
        assertClose(probabilities, FITS.doubles(name + "/calibration/probability"), Golden.WEIGHTS);
        ThresholdCalibration threshold = ThresholdCalibration.of(calibration.labels(), probabilities);
        JsonNode expected = VALUES.get("fits").get(name);
        assertThat(threshold.threshold())
                .isCloseTo(
                        expected.get("calibration_threshold").get("threshold").doubleValue(), within(Golden.LOGITS));
        assertThat(threshold.accuracy())
                .isCloseTo(expected.get("calibration_threshold").get("accuracy").doubleValue(), within(Golden.EXACT));
        double[] onTest = probe.probabilities(test.activations());
        assertThat(ProbabilityScores.accuracy(test.labels(), onTest, threshold.threshold()))
                .hasValueCloseTo(expected.get("test_accuracy_at_threshold").doubleValue(), within(Golden.EXACT));
        assertThat(RocAuc.of(test.labels(), onTest))
                .hasValueCloseTo(expected.get("test").get("roc_auc").doubleValue(), within(Golden.RANKING));
        assertThat(ProbabilityScores.brier(test.labels(), onTest))
                .hasValueCloseTo(expected.get("test").get("brier").doubleValue(), within(Golden.WEIGHTS));
        assertThat(ProbabilityScores.expectedCalibrationError(test.labels(), onTest, 15))
                .hasValueCloseTo(expected.get("test").get("ece_15").doubleValue(), within(Golden.RANKING));
    }

    @Test
    void meanDifferencesAreThoseOfTheReference() {
        LabelledActivations train = DATA.examples("train");
        assertMeanDifference(MeanDifference.raw(train), "raw");
        assertMeanDifference(MeanDifference.standardised(train), "standardised");
    }

    private static void assertMeanDifference(LinearFit probe, String space) {
        LabelledActivations test = DATA.examples("test");
        assertClose(probe.weight().toArray(), FITS.doubles("mean_difference_" + space + "/w"), 1e-9);
        assertThat(probe.bias()).isCloseTo(FITS.scalar("mean_difference_" + space + "/b"), within(1e-9));
        assertThat(RocAuc.of(test.labels(), probe.logits(test.activations())))
                .hasValueCloseTo(
                        VALUES.get("mean_difference")
                                .get(space)
                                .get("test_roc_auc")
                                .doubleValue(),
                        within(Golden.EXACT));
    }

    private static void assertRelative(DenseVector actual, String name) {
        double[] expected = FITS.doubles(name);
        for (int j = 0; j < expected.length; j++) {
            assertThat(actual.get(j))
                    .as("%s[%d]", name, j)
                    .isCloseTo(expected[j], Percentage.withPercentage(100 * Golden.MOMENTS));
        }
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).containsExactly(expected, Offset.offset(tolerance));
    }
}
