package io.goodhart.probing.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.statistics.HanleyMcNeil;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.probing.Golden;
import io.goodhart.probing.Tensors;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MetricsGoldenTest {
    private static final Tensors DATA = Golden.tensors("activations.safetensors");
    private static final Tensors FITS = Golden.tensors("fits.safetensors");
    private static final JsonNode VALUES = Golden.json("values.json");
    private static final JsonNode CASES = Golden.json("metric_cases.json").get("cases");

    static Stream<String> cases() {
        return CASES.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rankingMetricsAreThoseOfScikitLearn(String name) {
        JsonNode expected = CASES.get(name);
        boolean[] labels = Golden.labels(expected.get("labels"));
        assertBlock(expected, labels, Golden.doubles(expected.get("scores")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C1", "C0.01", "C100", "C1_balanced"})
    void metricsOfGivenFitsAreThoseOfScikitLearn(String name) {
        for (String split : new String[] {"test", "calibration"}) {
            JsonNode expected = VALUES.get("fits").get(name).get(split);
            boolean[] labels = DATA.labels(split + "/y");
            assertBlock(expected, labels, FITS.doubles(name + "/" + split + "/logit"));
            double[] probabilities = FITS.doubles(name + "/" + split + "/probability");
            assertOptional(ProbabilityScores.brier(labels, probabilities), expected, "brier");
            assertOptional(ProbabilityScores.expectedCalibrationError(labels, probabilities, 15), expected, "ece_15");
        }
    }

    @Test
    void metricsOfTheTenProbesMeanAreThoseOfScikitLearn() {
        JsonNode expected = VALUES.get("ten_probes").get("ensemble_test");
        double[] probabilities = FITS.doubles("ten/mean_probability_test");
        assertBlock(expected, DATA.labels("test/y"), probabilities);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C1_vs_mean_difference_raw", "C1_vs_C0.01"})
    void twoProbesAreComparedAsByDeLong(String name) {
        JsonNode expected = VALUES.get("compare").get(name);
        boolean[] labels = DATA.labels("test/y");
        double[] first = FITS.doubles("C1/test/logit");
        double[] second = secondScores(name);
        DeLong.Comparison actual = DeLong.compare(labels, first, second).orElseThrow();
        assertThat(actual.first().auc()).isCloseTo(number(expected, "auc_first"), within(Golden.EXACT));
        assertThat(actual.second().auc()).isCloseTo(number(expected, "auc_second"), within(Golden.EXACT));
        assertThat(actual.covariance())
                .isCloseTo(expected.get("covariance").get(0).get(1).doubleValue(), within(Golden.EXACT));
        assertThat(actual.variance()).isCloseTo(number(expected, "variance_of_difference"), within(Golden.EXACT));
        assertThat(actual.z().orElseThrow()).isCloseTo(number(expected, "z"), within(1e-8));
        assertThat(actual.p().orElseThrow()).isCloseTo(number(expected, "p_two_sided"), within(Golden.EXACT));
    }

    private static double[] secondScores(String comparison) {
        if (comparison.endsWith("C0.01")) {
            return FITS.doubles("C0.01/test/logit");
        }
        double[] w = FITS.doubles("mean_difference_raw/w");
        double[] x = DATA.doubles("test/x");
        double[] scores = new double[x.length / w.length];
        for (int i = 0; i < x.length; i++) {
            scores[i / w.length] += x[i] * w[i % w.length];
        }
        return scores;
    }

    private static int[][] bootstrapRows() {
        double[] flat = DATA.doubles("bootstrap_indices");
        int columns = DATA.size("bootstrap_indices", 1);
        int[][] rows = new int[flat.length / columns][columns];
        for (int i = 0; i < flat.length; i++) {
            rows[i / columns][i % columns] = (int) flat[i];
        }
        return rows;
    }

    private static void assertBlock(JsonNode expected, boolean[] labels, double[] scores) {
        RocCurve curve = RocCurve.of(labels, scores);
        assertThat(curve.positives()).isEqualTo(expected.get("positives").intValue());
        assertThat(curve.positives() + curve.negatives())
                .isEqualTo(expected.get("n").intValue());
        assertOptional(RocAuc.of(labels, scores), expected, "roc_auc");
        assertOptional(AveragePrecision.of(labels, scores), expected, "average_precision");
        assertOptional(TprAtFpr.of(labels, scores, 0.01), expected, "tpr_at_fpr_0.01");
        assertOptional(TprAtFpr.of(labels, scores, 0.05), expected, "tpr_at_fpr_0.05");
        OptionalDouble auc = curve.auc();
        OptionalDouble error = auc.isEmpty()
                ? OptionalDouble.empty()
                : HanleyMcNeil.standardError(auc.getAsDouble(), curve.positives(), curve.negatives());
        assertOptional(error, expected, "hanley_mcneil_se");
        Optional<DeLong.Estimate> estimate = DeLong.estimate(labels, scores);
        assertThat(estimate.isPresent()).isEqualTo(expected.has("delong_variance"));
        if (estimate.isPresent()) {
            assertThat(estimate.get().variance()).isCloseTo(number(expected, "delong_variance"), within(Golden.EXACT));
            assertThat(estimate.get().auc()).isCloseTo(auc.getAsDouble(), within(Golden.EXACT));
        }
    }

    private static void assertOptional(OptionalDouble actual, JsonNode block, String key) {
        assertThat(actual.isEmpty()).as(key).isEqualTo(block.get(key).isNull());
        if (actual.isPresent()) {
            assertThat(actual.getAsDouble()).as(key).isCloseTo(number(block, key), within(Golden.EXACT));
        }
    }

    private static void assertInterval(Interval actual, JsonNode expected) {
        assertThat(actual.lower()).isCloseTo(expected.get(0).doubleValue(), within(Golden.EXACT));
        assertThat(actual.upper()).isCloseTo(expected.get(1).doubleValue(), within(Golden.EXACT));
    }

    private static double number(JsonNode block, String key) {
        return block.get(key).doubleValue();
    }
}
