package io.goodhart.domain.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.SplitMix;
import org.junit.jupiter.api.Test;

class PairedTestsTest {
    @Test
    void tOfTwoDifferencesHasAClosedForm() {
        PairedT test = PairedT.of(new double[] {1, 3}).orElseThrow();
        assertThat(test.mean()).isEqualTo(2);
        assertThat(test.standardError()).isCloseTo(1, within(1e-15));
        assertThat(test.t()).isCloseTo(2, within(1e-15));
        assertThat(test.p()).isCloseTo(1 - 2 * Math.atan(2) / Math.PI, within(1e-14));
    }

    @Test
    void intervalExcludesZeroExactlyWhenPIsBelowItsError() {
        SplitMix random = new SplitMix(5);
        for (int trial = 0; trial < 200; trial++) {
            double[] differences = new double[6];
            for (int i = 0; i < differences.length; i++) {
                differences[i] = random.uniform() - 0.35;
            }
            PairedT test = PairedT.of(differences).orElseThrow();
            assertThat(test.interval(0.95).contains(0)).isEqualTo(test.p() >= 0.05);
        }
    }

    @Test
    void tIsUndefinedWithoutSpread() {
        assertThat(PairedT.of(new double[] {0.5})).isEmpty();
        assertThat(PairedT.of(new double[] {0.1, 0.1, 0.1})).isEmpty();
        assertThat(PairedT.of(new double[0])).isEmpty();
    }

    @Test
    void holmIsBonferroniForTheSmallestAndKeepsTheOrder() {
        double[] p = {0.03, 0.001, 0.2, 0.012, 0.9};
        double[] adjusted = Holm.adjusted(p);
        assertThat(adjusted[1]).isCloseTo(0.005, within(1e-15));
        assertThat(adjusted[3]).isCloseTo(0.048, within(1e-15));
        assertThat(adjusted[0]).isCloseTo(0.09, within(1e-15));
        assertThat(adjusted[4]).isCloseTo(0.9, within(1e-15));
        assertThat(Holm.adjusted(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Holm.adjusted(new double[] {0.5, Double.NaN}));
    }
}
