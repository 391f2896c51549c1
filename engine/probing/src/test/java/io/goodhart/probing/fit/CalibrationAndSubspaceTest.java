package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.Activations;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.SubspaceFit;
import io.goodhart.probing.Synthetic;
import io.goodhart.probing.direction.CosineMatrix;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CalibrationAndSubspaceTest {
    @Test
    void twoLogitsAreCalibratedToTheirSmoothedTargets() {
        // three of four positive at z = 1, one of four at −1, so t+ = 5/6 and t− = 1/6: means 2/3 and 1/3
        double[] logits = {1, 1, 1, 1, -1, -1, -1, -1};
        boolean[] labels = {true, true, true, false, true, false, false, false};
        Calibration found = PlattScaling.of(labels, logits).orElseThrow();
        assertThat(found.slope()).isCloseTo(Math.log(2), within(1e-9));
        assertThat(found.intercept()).isCloseTo(0, within(1e-9));
        assertThat(found.probability(1)).isCloseTo(2 / 3.0, within(1e-9));
    }

    @Test
    void separatedClassesKeepAFiniteSlope() {
        Calibration found = PlattScaling.of(new boolean[] {true, true, false}, new double[] {900, 800, -900})
                .orElseThrow();
        assertThat(found.slope()).isPositive().isFinite();
        assertThat(found.probability(900)).isLessThan(1);
    }

    @Test
    void nothingIsCalibratedThatWouldLoseTheOrder() {
        boolean[] labels = {true, false, true};
        assertThat(PlattScaling.of(labels, new double[] {2, 2, 2})).isEmpty();
        assertThat(PlattScaling.of(new boolean[3], new double[] {1, 2, 3})).isEmpty();
        assertThat(PlattScaling.of(labels, new double[] {-3, 5, -4})).isEmpty();
    }

    @Test
    void aRateOfFalsePositivesChoosesTheLowestThresholdThatKeepsIt() {
        boolean[] labels = {false, false, false, false, true, true};
        double[] p = {0.1, 0.2, 0.3, 0.8, 0.5, 0.9};
        ThresholdCalibration quarter = ThresholdCalibration.atFalsePositiveRate(labels, p, 0.25);
        assertThat(quarter.threshold()).isCloseTo(0.4, within(1e-12));
        assertThat(quarter.accuracy()).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(ThresholdCalibration.atFalsePositiveRate(labels, p, 0.01).threshold())
                .isCloseTo(0.85, within(1e-12));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(
                        () -> ThresholdCalibration.atFalsePositiveRate(new boolean[] {true}, new double[] {1}, 0.1));
    }

    @Test
    void theFirstDirectionIsLogisticRegressionsAndTheOthersTellWhatIsLeft() {
        LabelledActivations examples = Synthetic.examples(200, 8, 3);
        SubspaceFit fit = new NullSpaceProjection(3, 1, ClassWeights.NONE).fit(examples);
        LinearFit logistic = LogisticRegression.standard().fit(examples);
        assertThat(CosineMatrix.cosine(fit.basis().getFirst(), logistic.weight()))
                .isCloseTo(1, within(1e-5));
        // what is left after the first direction is read by the second: its coordinate has nothing of the first
        assertThat(fit.basis().get(1).dot(logistic.weight())).isCloseTo(0, within(1e-6));
        SubspaceFit one = new NullSpaceProjection(1, 1, ClassWeights.NONE).fit(examples);
        assertThat(one.basis().getFirst().toArray())
                .containsExactly(fit.basis().getFirst().toArray(), Offset.offset(1e-12));
    }

    @Test
    void moreDirectionsThanThereAreAreRefused() {
        LabelledActivations examples = Synthetic.examples(60, 3, 3); // feature 1 does not vary
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new NullSpaceProjection(4, 1, ClassWeights.NONE).fit(examples))
                .satisfies(e -> assertThat(e.code()).isEqualTo("too_many_directions"));
        float[] twice = new float[60];
        boolean[] labels = new boolean[30];
        for (int i = 0; i < 30; i++) {
            labels[i] = i % 2 == 0;
            twice[2 * i] = i % 7 + (labels[i] ? 2 : 0);
            twice[2 * i + 1] = twice[2 * i];
        }
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new NullSpaceProjection(2, 1, ClassWeights.NONE)
                        .fit(LabelledActivations.of(Activations.of(twice, 30, 2), labels)))
                .withMessageContaining("directions");
    }
}
