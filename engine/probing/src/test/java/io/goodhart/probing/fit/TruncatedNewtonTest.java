package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TruncatedNewtonTest {
    private static final TruncatedNewton SEARCH = new TruncatedNewton(1e-9, 100);

    @Test
    void quadraticBowlsAreSolvedWhateverTheirCondition() {
        double[] curvatures = {1, 10, 1e3, 1e5};
        double[] centre = {3, -2, 0.5, 7};
        TruncatedNewton.Minimum minimum = SEARCH.minimise(
                of(
                        (x, gradient) -> {
                            double value = 0;
                            for (int j = 0; j < 4; j++) {
                                gradient[j] = curvatures[j] * (x[j] - centre[j]);
                                value += 0.5 * gradient[j] * (x[j] - centre[j]);
                            }
                            return value;
                        },
                        (x, j) -> curvatures[j]),
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
        TruncatedNewton.Minimum minimum = SEARCH.minimise(
                of(
                        (x, gradient) -> {
                            gradient[0] = Math.sinh(x[0] - 2);
                            return Math.cosh(x[0] - 2);
                        },
                        (x, j) -> Math.cosh(x[j] - 2)),
                new double[] {40});
        assertThat(minimum.x().get(0)).isCloseTo(2, within(1e-8));
    }

    @Test
    void stepsThatOvershootAreTakenBack() {
        // f(x) = √(1 + x²) curves so little far from its minimum that a Newton step goes thousands of times too far
        TruncatedNewton.Minimum minimum = SEARCH.minimise(
                of(
                        (x, gradient) -> {
                            gradient[0] = x[0] / Math.hypot(1, x[0]);
                            return Math.hypot(1, x[0]);
                        },
                        (x, j) -> Math.pow(Math.hypot(1, x[j]), -3)),
                new double[] {20});
        assertThat(minimum.x().get(0)).isCloseTo(0, within(1e-8));
        assertThat(minimum.evaluations()).isLessThan(60);
    }

    @Test
    void aStartAtTheMinimumStays() {
        TruncatedNewton.Minimum minimum = SEARCH.minimise(
                of(
                        (x, gradient) -> {
                            gradient[0] = 2 * x[0];
                            return x[0] * x[0];
                        },
                        (x, j) -> 2),
                new double[1]);
        assertThat(minimum.iterations()).isZero();
        assertThat(minimum.evaluations()).isEqualTo(1);
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TruncatedNewton(1e-6, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TruncatedNewton(Double.NaN, 10));
    }

    private interface Value {
        double of(double[] x, double[] gradient);
    }

    private interface Curvature {
        double of(double[] x, int j);
    }

    /** A function whose Hessian is diagonal. */
    private static TruncatedNewton.Objective of(Value value, Curvature curvature) {
        return new TruncatedNewton.Objective() {
            private double[] point = {};

            @Override
            public double evaluate(double[] x, double[] gradient) {
                point = x.clone();
                return value.of(x, gradient);
            }

            @Override
            public void multiply(double[] v, double[] product) {
                for (int j = 0; j < v.length; j++) {
                    product[j] = curvature.of(point, j) * v[j];
                }
            }
        };
    }
}
