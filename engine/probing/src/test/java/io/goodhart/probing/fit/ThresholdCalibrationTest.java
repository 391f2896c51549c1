package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.probing.Golden;
import io.goodhart.probing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdCalibrationTest {
    @Test
    void theMidpointThatSeparatesIsTaken() {
        ThresholdCalibration actual =
                ThresholdCalibration.of(new boolean[] {true, false, true}, new double[] {0.9, 0.2, 0.6});
        assertThat(actual.threshold()).isCloseTo(0.4, within(1e-15));
        assertThat(actual.accuracy()).isEqualTo(1);
    }

    @Test
    void amongEqualsTheOneNearestToOneHalfWins() {
        // 0.35 and 0.75 are right three times of four
        ThresholdCalibration actual =
                ThresholdCalibration.of(new boolean[] {false, true, false, true}, new double[] {0.2, 0.5, 0.7, 0.8});
        assertThat(actual.threshold()).isCloseTo(0.35, within(1e-15));
    }

    @Test
    void atEqualDistanceTheLowerWins() {
        ThresholdCalibration actual = ThresholdCalibration.of(
                new boolean[] {false, true, false, true}, new double[] {0.125, 0.375, 0.625, 0.875});
        assertThat(actual.threshold()).isEqualTo(0.25);
    }

    @Test
    void oneClassMovesTheThresholdToAnEnd() {
        assertThat(ThresholdCalibration.of(new boolean[] {true, true}, new double[] {0.3, 0.8})
                        .threshold())
                .isZero();
        assertThat(ThresholdCalibration.of(new boolean[2], new double[] {0.3, 0.8})
                        .threshold())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C1", "C0.01", "C100", "C1_balanced"})
    void givenProbabilitiesHaveTheReferencesThreshold(String name) {
        Tensors fits = Golden.tensors("fits.safetensors");
        boolean[] labels = Golden.tensors("activations.safetensors").labels("calibration/y");
        ThresholdCalibration actual = ThresholdCalibration.of(labels, fits.doubles(name + "/calibration/probability"));
        double expected = Golden.json("values.json")
                .at("/fits/" + name + "/calibration_threshold/threshold")
                .doubleValue();
        assertThat(actual.threshold()).isCloseTo(expected, within(Golden.EXACT));
    }

    @Test
    void noExamplesAreRefused() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ThresholdCalibration.of(new boolean[0], new double[0]));
    }
}
