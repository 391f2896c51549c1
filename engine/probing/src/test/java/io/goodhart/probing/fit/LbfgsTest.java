package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final Lbfgs SEARCH = new Lbfgs(10, 1e-9, 1000);

    @Test
    void quadraticBowlsAreSolvedWhateverTheirCondition() {
        double[] curvatures = {1, 10, 1e3, 1e5};
        double[] centre = {3, -2, 0.5, 7};
        Lbfgs.Minimum minimum = SEARCH.minimise(
                (x, gradient) -> {
                    double value = 0;
                    for (int j = 0; j < 4; j++) {
                        gradient[j] = curvatures[j] * (x[j] - centre[j]);
                        value += 0.5 * gradient[j] * (x[j] - centre[j]);
                    }
                    return value;
                },
                new double[4]);
        for (int j = 0; j < 4; j++) {
            assertThat(minimum.x().get(j)).isCloseTo(centre[j], within(1e-8));
        }
        assertThat(minimum.value()).isCloseTo(0, within(1e-12));
        assertThat(minimum.iterations()).isLessThan(100);
    }

    @Test
    void farStartsOnSteepConvexFunctionsComeHome() {
        // f(x) = cosh(x − 2) overflows beyond |x| = 710
        Lbfgs.Minimum minimum = SEARCH.minimise(
                (x, gradient) -> {
                    gradient[0] = Math.sinh(x[0] - 2);
                    return Math.cosh(x[0] - 2);
                },
                new double[] {40});
        assertThat(minimum.x().get(0)).isCloseTo(2, within(1e-8));
    }

    @Test
    void flatTailsAreCrossedByGrowingSteps() {
        // f(x) = √(1 + x²) has slope nearly 1 far from its minimum
        Lbfgs.Minimum minimum = SEARCH.minimise(
                (x, gradient) -> {
                    gradient[0] = x[0] / Math.hypot(1, x[0]);
                    return Math.hypot(1, x[0]);
                },
                new double[] {1e4});
        assertThat(minimum.x().get(0)).isCloseTo(0, within(1e-8));
        assertThat(minimum.evaluations()).isLessThan(60);
    }

    @Test
    void aStartAtTheMinimumStays() {
        Lbfgs.Minimum minimum = SEARCH.minimise(
                (x, gradient) -> {
                    gradient[0] = 2 * x[0];
                    return x[0] * x[0];
                },
                new double[1]);
        assertThat(minimum.iterations()).isZero();
        assertThat(minimum.evaluations()).isEqualTo(1);
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Lbfgs(0, 1e-6, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new Lbfgs(5, Double.NaN, 10));
    }
}
