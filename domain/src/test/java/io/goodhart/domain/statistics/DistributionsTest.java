package io.goodhart.domain.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionsTest {
    private static final Percentage FLOAT64 = Percentage.withPercentage(1e-10);

    @ParameterizedTest
    @CsvSource({
        "-8.5, 9.47953482220325e-18, 1.89590696444065e-17",
        "-3.7, 0.00010779973347738823, 0.00021559946695477646",
        "-2.0, 0.022750131948179195, 0.04550026389635839",
        "-0.5, 0.3085375387259869, 0.6170750774519738",
        "0.0, 0.5, 1.0",
        "0.9, 0.8159398746532405, 0.36812025069351895",
        "3.53, 0.9997922201665194, 0.0004155596669612428",
        "3.54, 0.9997999364839927, 0.0004001270320146402",
        "5.2, 0.9999999003557368, 1.992885263386694e-07",
        "12.0, 1.0, 3.552964224155306e-33"
    })
    void normalTailsAreThoseOfScipy(double z, double cdf, double twoSided) {
        assertThat(Normal.cdf(z)).isCloseTo(cdf, FLOAT64);
        assertThat(Normal.twoSidedP(z)).isCloseTo(twoSided, FLOAT64);
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, 3, 0.7159351539743701",
        "2.1, 1, 0.282926056243018",
        "-2.5, 7, 0.04099221858575289",
        "3.5, 9, 0.006723515763058959",
        "9.0, 4, 0.0008438325176012779",
        "1.2, 61, 0.23477921501900129",
        "4.5, 250, 1.041920255598533e-05",
        "0.01, 15, 0.9921530762440341",
        "2.1, 1.9, 0.1772148614783805", // 2 * scipy.stats.t.sf(abs(t), nu), scipy 1.17.1
        "-2.5, 7.3, 0.03965023466560043",
        "4.5, 250.25, 1.0414974735554373e-05",
        "0.4, 1.01, 0.7572438275131457"
    })
    void studentTailsAreThoseOfScipy(double t, double degreesOfFreedom, double twoSided) {
        assertThat(StudentT.twoSidedP(t, degreesOfFreedom)).isCloseTo(twoSided, FLOAT64);
    }

    @ParameterizedTest
    @CsvSource({
        "0.95, 7, 2.364624251592784, 1.959963984540054",
        "0.9, 1, 6.313751514675037, 1.6448536269514722",
        "0.99, 30, 2.7499956535672254, 2.5758293035489004",
        "0.5, 4, 0.7406970841126829, 0.6744897501960817",
        "0.999, 2, 31.599054576445365, 3.2905267314919255",
        "0.95, 1.9, 4.527118077100328, 1.959963984540054", // scipy.stats.t.ppf((1 + level) / 2, nu), scipy 1.17.1
        "0.99, 61.37, 2.658341668070843, 2.5758293035489004"
    })
    void criticalValuesAreThoseOfScipy(double level, double degreesOfFreedom, double t, double z) {
        assertThat(StudentT.critical(level, degreesOfFreedom)).isCloseTo(t, FLOAT64);
        assertThat(Normal.critical(level)).isCloseTo(z, FLOAT64);
    }

    @Test
    void studentWithOneDegreeOfFreedomIsCauchyAndWithTwoHasAClosedForm() {
        for (double t : new double[] {0, 0.3, 1, 2.5, 40}) {
            assertThat(StudentT.twoSidedP(t, 1)).isCloseTo(1 - 2 * Math.atan(t) / Math.PI, within(1e-14));
            assertThat(StudentT.twoSidedP(t, 2)).isCloseTo(1 - t / Math.sqrt(2 + t * t), within(1e-14));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.3, 1.9, 2.5, 17.75})
    void studentsCriticalValueFallsAsItsFreedomGrowsByLessThanOne(double degreesOfFreedom) {
        double critical = StudentT.critical(0.95, degreesOfFreedom);

        assertThat(StudentT.critical(0.95, degreesOfFreedom + 0.1)).isLessThan(critical);
        assertThat(StudentT.twoSidedP(critical, degreesOfFreedom)).isCloseTo(0.05, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.999, 0, -3, Double.NaN})
    void lessThanOneDegreeOfFreedomIsRefused(double degreesOfFreedom) {
        assertThatIllegalArgumentException().isThrownBy(() -> StudentT.twoSidedP(1, degreesOfFreedom));
    }

    @Test
    void studentApproachesTheNormalDistribution() {
        assertThat(StudentT.twoSidedP(1.7, 10_000_000)).isCloseTo(Normal.twoSidedP(1.7), within(1e-6));
    }

    @Test
    void normalDistributionIsSymmetric() {
        for (double z = 0; z < 6; z += 0.37) {
            assertThat(Normal.cdf(z) + Normal.cdf(-z)).isCloseTo(1, within(1e-15));
            assertThat(Normal.twoSidedP(-z)).isEqualTo(Normal.twoSidedP(z));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
    void levelsOutsideOfZeroToOneAreRefused(double level) {
        assertThatIllegalArgumentException().isThrownBy(() -> Normal.critical(level));
        assertThatIllegalArgumentException().isThrownBy(() -> StudentT.critical(level, 3));
    }

    @Test
    void percentileInterpolatesBetweenOrderStatistics() {
        double[] values = {40, 10, 20, 30};
        assertThat(Percentile.of(values, 0)).isEqualTo(10);
        assertThat(Percentile.of(values, 1)).isEqualTo(40);
        assertThat(Percentile.of(values, 0.5)).isEqualTo(25);
        assertThat(Percentile.of(values, 0.1)).isCloseTo(13, within(1e-12));
        assertThat(values).containsExactly(40, 10, 20, 30);
    }
}
