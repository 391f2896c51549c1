package io.goodhart.domain.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.SplitMix;
import org.junit.jupiter.api.Test;

class DetectionTest {
    private static final double LEVEL = 0.95;

    @Test
    void multipleOfOneTestIsTheTextbooks() {
        // z_0.975 + z_0.8 = 1.959964 + 0.841621
        assertThat(Detection.normal(LEVEL, 1).multiple()).isCloseTo(2.801585, within(1e-6));
        // statsmodels 0.14, TTestPower().solve_power(nobs=30, alpha=0.05, power=0.8) = 0.5293 by the noncentral t
        assertThat(Detection.student(LEVEL, 1, 29).difference(1 / 30.0)).isCloseTo(0.5293, within(0.002));
    }

    @Test
    void chanceToFindTheSmallestDifferenceIsThePower() {
        double variance = 0.0004;
        double truth = Detection.normal(LEVEL, 4).difference(variance);
        double critical = Normal.critical(1 - 0.05 / 4);
        SplitMix random = new SplitMix(5);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            double estimate = truth + Math.sqrt(variance) * normal(random);
            found += Math.abs(estimate) / Math.sqrt(variance) >= critical ? 1 : 0;
        }
        assertThat(found / 20_000.0).isCloseTo(Detection.POWER, within(0.012)); // four standard errors
    }

    @Test
    void varianceAndDifferenceAreInverse() {
        Detection detection = Detection.student(LEVEL, 3, 7);

        assertThat(detection.difference(detection.variance(0.03))).isCloseTo(0.03, within(1e-12));
    }

    @Test
    void moreArmsAndLessFreedomFindLess() {
        assertThat(Detection.normal(LEVEL, 7).multiple())
                .isGreaterThan(Detection.normal(LEVEL, 2).multiple());
        assertThat(Detection.student(LEVEL, 2, 5).multiple())
                .isGreaterThan(Detection.student(LEVEL, 2, 50).multiple());
        assertThat(Detection.student(LEVEL, 2, 1_000_000).multiple())
                .isCloseTo(Detection.normal(LEVEL, 2).multiple(), within(1e-4));
    }

    @Test
    void nothingIsFoundAmongNoArms() {
        assertThatIllegalArgumentException().isThrownBy(() -> Detection.normal(LEVEL, 0));
    }

    /** Box and Muller 1958. */
    private static double normal(SplitMix random) {
        return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    }
}
