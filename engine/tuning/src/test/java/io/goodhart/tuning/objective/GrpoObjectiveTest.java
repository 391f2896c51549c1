package io.goodhart.tuning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.objective.GrpoObjective.Average;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GrpoObjectiveTest {
    /** Responses of 3 and 2 tokens to one prompt, of 4 at most. */
    private static final int[] LENGTHS = {3, 2};

    private static final double[] LOG_PROBS = {-0.5, -1.25, -2, -0.75, -3};
    private static final double[] REFERENCE = {-0.25, -1.5, -2.5, -1, -2};
    private static final double[] REWARDS = {0.9, 0.2};

    /** Values and gradients of TRL 1.16's compute_loss with β = 0.1 on the same numbers in float64. */
    @ParameterizedTest
    @CsvSource({
        "SEQUENCE, 0.02149967961279098, -0.12256108242802266, -0.11414067186775038, -0.1112695031451042, 0.18227096864805536, 0.13378394251336437",
        "LONGEST, -0.07691500072489231, -0.091920811821017, -0.0856055039008128, -0.08345212735882815, 0.09113548432402768, 0.06689197125668218",
        "TOKEN, -0.1230640011598277, -0.14707329891362722, -0.13696880624130048, -0.13352340377412505, 0.1458167749184443, 0.10702715401069149"
    })
    void lossAndGradientAreTrls(
            Average average, double loss, double first, double second, double third, double fourth, double fifth) {
        Function<Tensor, Tensor> function = loss(objective(0.1, average), LOG_PROBS);
        assertThat(Differentiation.value(LOG_PROBS, function)).isCloseTo(loss, within(1e-12));
        assertThat(Differentiation.byGraph(LOG_PROBS, function))
                .containsExactly(new double[] {first, second, third, fourth, fifth}, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void gradientIsThatOfDifferencesAlsoAwayFromTheSamplingPolicy(Average average) {
        double[] old = {-0.6, -1.2, -2.2, -0.7, -2.9};
        Function<Tensor, Tensor> function = loss(objective(0.3, average), old);
        assertThat(Differentiation.byGraph(LOG_PROBS, function))
                .containsExactly(Differentiation.byDifferences(LOG_PROBS, function), within(1e-8));
    }

    @Test
    void advantagesAreTrlsAndAResponseThatNoProbeReadIsOutsideOfItsGroup() {
        assertThat(objective(0, Average.TOKEN).advantages(REWARDS))
                .containsExactly(new double[] {0.7069639528993619, -0.706963952899362}, within(1e-12));
        assertThat(objective(0, Average.TOKEN).advantages(new double[] {0.9, 0.2, 0.4, Double.NaN}))
                .containsExactly(
                        new double[] {1.1090927854575956, -0.8318195890931966, -0.27727319636439884, 0}, within(1e-12));
        assertThat(new GrpoObjective(1, 0, false, Average.TOKEN, 4).advantages(new double[] {0.9, 0.2, Double.NaN}))
                .containsExactly(new double[] {0.35, -0.35, 0}, within(1e-12));
    }

    @Test
    void equalRewardsTeachNothing() {
        assertThat(objective(0, Average.TOKEN).advantages(new double[] {0.4, 0.4, 0.4}))
                .containsExactly(new double[] {0, 0, 0}, within(1e-12));
        assertThat(objective(0, Average.TOKEN).advantages(new double[] {Double.NaN, 0.4}))
                .containsExactly(0, 0);
    }

    @Test
    void probeIsTakenFromTheTaskLambdaTimes() {
        assertThat(new GrpoObjective(0.5, 0, true, Average.TOKEN, 4).reward(0.9, 0.4))
                .isCloseTo(0.7, within(1e-15));
    }

    @Test
    void withoutKlTheGradientIsThatOfTheWeightedLikelihood() {
        Function<Tensor, Tensor> function = loss(objective(0, Average.TOKEN), LOG_PROBS);
        double a = 0.7 / (0.7 / Math.sqrt(2) + 1e-4) / 2;
        assertThat(Differentiation.byGraph(LOG_PROBS, function))
                .containsExactly(new double[] {-a / 5, -a / 5, -a / 5, a / 5, a / 5}, within(1e-12));
    }

    @Test
    void divergenceIsNeverNegativeAndNothingFromItself() {
        Function<Tensor, Tensor> fromItself = x -> GrpoObjective.divergence(x, Tensors.of(LOG_PROBS, LOG_PROBS.length))
                .sum();
        assertThat(Differentiation.value(LOG_PROBS, fromItself)).isZero();
        assertThat(Differentiation.value(REFERENCE, fromItself)).isPositive();
    }

    @Test
    void meaninglessSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new GrpoObjective(-1, 0, true, Average.TOKEN, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new GrpoObjective(1, Double.NaN, true, Average.TOKEN, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new GrpoObjective(1, 0, true, Average.TOKEN, 0));
    }

    private static GrpoObjective objective(double beta, Average average) {
        return new GrpoObjective(1, beta, true, average, 4);
    }

    private static Function<Tensor, Tensor> loss(GrpoObjective objective, double[] old) {
        double[] advantages = objective.advantages(REWARDS);
        double[] ofToken = new double[LOG_PROBS.length];
        double[] weights = new double[LOG_PROBS.length];
        for (int n = 0; n < ofToken.length; n++) {
            int response = n < LENGTHS[0] ? 0 : 1;
            ofToken[n] = advantages[response];
            weights[n] = objective.weight(LENGTHS[response], LENGTHS.length, LOG_PROBS.length);
        }
        return x -> objective.evaluate(x, tensor(old), tensor(REFERENCE), tensor(ofToken), tensor(weights));
    }

    private static Tensor tensor(double[] values) {
        return Tensors.of(values, values.length);
    }
}
