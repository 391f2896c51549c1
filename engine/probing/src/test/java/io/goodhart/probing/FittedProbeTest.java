package io.goodhart.probing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FittedProbeTest {
    private static final Standardiser STANDARDISER =
            new Standardiser(DenseVector.of(10.0, -3.0), DenseVector.of(2.0, 0.5));
    private static final LinearFit PROBE =
            new LinearFit(ProbeSpec.Kind.LOGISTIC, STANDARDISER, DenseVector.of(4.0, -1.0), 0.25);

    @Test
    void foldingTheStandardiserLeavesTheLogit() {
        double logit = 4 * (13 - 10) / 2.0 - (-2.5 + 3) / 0.5 + 0.25;
        assertThat(PROBE.logit(DenseVector.of(13.0, -2.5))).isCloseTo(logit, within(1e-14));
        assertThat(PROBE.logits(Activations.of(new float[] {13, -2.5f, 10, -3}, 2, 2)))
                .containsExactly(new double[] {logit, 0.25}, Offset.offset(1e-14));
        assertThat(PROBE.foldedWeight()).isEqualTo(DenseVector.of(2.0, -2.0));
        assertThat(PROBE.foldedBias()).isCloseTo(0.25 - 20 - 6, within(1e-14));
    }

    @Test
    void directionIsTheUnitVectorOfTheFoldedWeight() {
        assertThat(PROBE.direction().toArray())
                .containsExactly(new double[] {Math.sqrt(0.5), -Math.sqrt(0.5)}, Offset.offset(1e-15));
    }

    @Test
    void aProbeNeedsWeightAndMatchingWidth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinearFit(ProbeSpec.Kind.LOGISTIC, STANDARDISER, DenseVector.of(0.0, 0.0), 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PROBE.logits(Activations.of(new float[3], 1, 3)))
                .withMessage("The probe reads 2 features, the rows have 3");
    }

    @Test
    void sigmoidIsFiniteAndSymmetricAtExtremes() {
        assertThat(FittedProbe.sigmoid(0)).isEqualTo(0.5);
        assertThat(FittedProbe.sigmoid(-800)).isZero();
        assertThat(FittedProbe.sigmoid(800)).isEqualTo(1);
        assertThat(FittedProbe.sigmoid(-3) + FittedProbe.sigmoid(3)).isCloseTo(1, within(1e-15));
    }

    @Test
    void standardiserUsesThePopulationDeviationAndLeavesConstantFeatures() {
        Standardiser standardiser = Standardiser.of(Activations.of(new float[] {1, 0.1f, 3, 0.1f, 8, 0.1f}, 3, 2));
        assertThat(standardiser.mean().get(0)).isCloseTo(4, within(1e-15));
        assertThat(standardiser.scale().get(0)).isCloseTo(Math.sqrt(26 / 3.0), within(1e-14));
        assertThat(standardiser.scale().get(1)).isEqualTo(1);
    }

    @Test
    void standardiserKeepsDigitsBesideALargeOffset() {
        Standardiser standardiser = Standardiser.of(Activations.of(new float[] {1_000_000, 1_000_001}, 2, 1));
        assertThat(standardiser.scale().get(0)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void ensemblesCombineProbabilities() {
        LinearFit other = new LinearFit(ProbeSpec.Kind.LOGISTIC, STANDARDISER, DenseVector.of(-1.0, 3.0), 1);
        Activations rows = Activations.of(new float[] {13, -2.5f, 9, -3, 11, -4}, 3, 2);
        double[] p = PROBE.probabilities(rows);
        double[] q = other.probabilities(rows);
        for (Ensemble.Combine combine : Ensemble.Combine.values()) {
            double[] combined = new Ensemble(List.of(Probes.of(PROBE), Probes.of(other)), combine)
                    .probabilities(TokenActivations.pooled(rows));
            for (int i = 0; i < 3; i++) {
                double expected = switch (combine) {
                    case MEAN -> (p[i] + q[i]) / 2;
                    case MIN -> Math.min(p[i], q[i]);
                    case MAX -> Math.max(p[i], q[i]);
                };
                assertThat(combined[i]).isCloseTo(expected, within(1e-15));
            }
        }
    }

    @Test
    void aProbeFlagsFromItsThresholdOn() {
        ReadPoint point = new ReadPoint(new ModelRevision("m", "a1".repeat(32)), Site.RESID_POST, 2, Pooling.MEAN);
        double logit = PROBE.logit(DenseVector.of(13.0, -2.5));
        double probability = FittedProbe.sigmoid(logit);
        assertThat(Calibration.uncalibrated(probability).flags(logit)).isTrue();
        assertThat(Calibration.uncalibrated(Math.nextUp(probability)).flags(logit))
                .isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Calibration.uncalibrated(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Calibration(0, 0, 0.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReadPoint(point.model(), Site.FINAL_NORM, 3, Pooling.MEAN));
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Activations.of(new float[5], 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.ofRows(new float[][] {{1, 2}, {3}}))
                .withMessage("Row 1 has 1 values, row 0 has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelledActivations.of(Activations.of(new float[4], 2, 2), new boolean[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> DenseVector.of(1, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DenseVector.of(1, 2).dot(DenseVector.of(1.0)));
    }
}
