package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final Lbfgs SEARCH = new Lbfgs(1e-9, 500);

    @Test
    void rosenbrocksValleyIsFollowedToItsEnd() {
        Descent end = SEARCH.minimise(
                (x, gradient) -> {
                    double a = 1 - x[0];
                    double b = x[1] - x[0] * x[0];
                    gradient[0] = -2 * a - 400 * x[0] * b;
                    gradient[1] = 200 * b;
                    return a * a + 100 * b * b;
                },
                new double[] {-1.2, 1},
                x -> true);
        assertThat(end.x()[0]).isCloseTo(1, within(1e-7));
        assertThat(end.x()[1]).isCloseTo(1, within(1e-7));
        assertThat(end.evaluations()).isLessThan(100);
    }

    @Test
    void illConditionedBowlsAreSolved() {
        double[] curvatures = {1, 10, 1e3, 1e5};
        Descent end = SEARCH.minimise(
                (x, gradient) -> {
                    double value = 0;
                    for (int j = 0; j < 4; j++) {
                        gradient[j] = curvatures[j] * (x[j] - j);
                        value += 0.5 * gradient[j] * (x[j] - j);
                    }
                    return value;
                },
                new double[] {5, -5, 5, -5},
                x -> true);
        for (int j = 0; j < 4; j++) {
            assertThat(end.x()[j]).isCloseTo(j, within(1e-7));
        }
    }

    @Test
    void theWatchEndsItAndTheStartIsSeenFirst() {
        double[] seen = {Double.NaN};
        Descent end = SEARCH.minimise(
                (x, gradient) -> {
                    gradient[0] = 2 * x[0];
                    return x[0] * x[0];
                },
                new double[] {3},
                x -> {
                    seen[0] = x[0];
                    return false;
                });
        assertThat(seen[0]).isEqualTo(3);
        assertThat(end.x()[0]).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> new Lbfgs(0, 5));
    }
}
