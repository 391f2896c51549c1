package io.goodhart.tuning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PreferenceObjectiveTest {
    private static final double BETA = 0.1;
    private static final double CLOSED_FORM = 1e-12;
    private static final double DIFFERENCES = 1e-8;
    private static final double[] REFERENCE = {-11, -19, -11, -16};
    /** h = (−10+11) − (−12+11) = 2 and (−20+19) − (−14+16) = −3: not symmetric, so that a flipped sign shows. */
    private static final double[] POLICY = {-10, -20, -12, -14};

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    static List<PreferenceObjective> objectives() {
        return List.of(
                DpoObjective.sigmoid(BETA),
                DpoObjective.sigmoid(0.5),
                new DpoObjective(BETA, 0.1),
                new RobustDpoObjective(BETA, 0.1),
                new HingeObjective(BETA),
                new IpoObjective(BETA, IpoObjective.Length.SUMMED),
                new IpoObjective(BETA, IpoObjective.Length.AVERAGED));
    }

    @Test
    void lossIsLn2AndRewardsAreZeroWhenPolicyEqualsReference() {
        PreferenceLoss actual = DpoObjective.sigmoid(BETA).evaluate(pairs(REFERENCE), pairs(REFERENCE));
        assertThat(actual.loss().asDouble()).isCloseTo(Math.log(2), within(CLOSED_FORM));
        assertThat(actual.chosenRewardsB().toDoubles()).containsExactly(0, 0);
    }

    @Test
    void rewardsAreBetaTimesTheLogRatioOfEachSide() {
        PreferenceLoss actual = DpoObjective.sigmoid(BETA).evaluate(pairs(POLICY), pairs(REFERENCE));
        assertThat(actual.chosenRewardsB().toDoubles()).containsExactly(new double[] {0.1, -0.1}, within(CLOSED_FORM));
        assertThat(actual.rejectedRewardsB().toDoubles())
                .containsExactly(new double[] {-0.1, 0.2}, within(CLOSED_FORM));
        assertThat(actual.lossB().toDoubles())
                .containsExactly(
                        new double[] {Math.log1p(Math.exp(-0.2)), Math.log1p(Math.exp(0.3))}, within(CLOSED_FORM));
    }

    @Test
    void gradientRaisesChosenByBetaTimesSigmoidOfMinusMargin() {
        double[] gradient = Differentiation.byGraph(POLICY, lossOf(DpoObjective.sigmoid(BETA)));
        // ∂L/∂log π(y_w) = −β·σ(−β·h)/B with B = 2; the rejected side has the opposite sign
        double first = BETA * sigmoid(-0.2) / 2;
        double second = BETA * sigmoid(0.3) / 2;
        assertThat(gradient).containsExactly(new double[] {-first, -second, first, second}, within(CLOSED_FORM));
    }

    @Test
    void conservativeDpoMixesTheLossesOfBothLabels() {
        double mixed = Differentiation.value(POLICY, lossOf(new DpoObjective(BETA, 0.1)));
        double agree = (Math.log1p(Math.exp(-0.2)) + Math.log1p(Math.exp(0.3))) / 2;
        double flipped = (Math.log1p(Math.exp(0.2)) + Math.log1p(Math.exp(-0.3))) / 2;
        assertThat(mixed).isCloseTo(0.9 * agree + 0.1 * flipped, within(CLOSED_FORM));
        double robust = Differentiation.value(POLICY, lossOf(new RobustDpoObjective(BETA, 0.1)));
        assertThat(robust).isCloseTo((0.9 * agree - 0.1 * flipped) / 0.8, within(CLOSED_FORM));
    }

    @Test
    void ipoIsASquareAroundHalfOfInverseBeta() {
        double summed = Differentiation.value(POLICY, lossOf(new IpoObjective(BETA, IpoObjective.Length.SUMMED)));
        assertThat(summed).isCloseTo((Math.pow(2 - 5, 2) + Math.pow(-3 - 5, 2)) / 2, within(CLOSED_FORM));
        double averaged = Differentiation.value(POLICY, lossOf(new IpoObjective(BETA, IpoObjective.Length.AVERAGED)));
        // lengths 4, 5 chosen and 2, 8 rejected: h = 1/4 + 1/2 and −1/5 − 2/8
        assertThat(averaged).isCloseTo((Math.pow(0.75 - 5, 2) + Math.pow(-0.45 - 5, 2)) / 2, within(CLOSED_FORM));
    }

    @Test
    void hingeIsZeroBehindTheMarginOfOne() {
        assertThat(Differentiation.value(new double[] {-5, -19, -20, -16}, lossOf(new HingeObjective(0.5))))
                .isCloseTo((0 + 1) / 2.0, within(CLOSED_FORM));
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void gradientEqualsDifferences(PreferenceObjective objective) {
        assertThat(Differentiation.byGraph(POLICY, lossOf(objective)))
                .containsExactly(Differentiation.byDifferences(POLICY, lossOf(objective)), within(DIFFERENCES));
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void lossAndGradientStayFiniteFarFromTheReference(PreferenceObjective objective) {
        double[] far = {-1, -90_000, -90_000, -1};
        assertThat(Differentiation.value(far, lossOf(objective))).isFinite();
        assertThat(Differentiation.byGraph(far, lossOf(objective))).doesNotContain(Double.NaN);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void theOrderOfPairsDoesNotMatter(PreferenceObjective objective) {
        double[] swapped = {POLICY[1], POLICY[0], POLICY[3], POLICY[2]};
        double[] reference = {REFERENCE[1], REFERENCE[0], REFERENCE[3], REFERENCE[2]};
        PairLogProbs policy = pairs(Tensors.of(swapped, 4), new double[] {5, 4, 8, 2});
        PairLogProbs fixed = pairs(Tensors.of(reference, 4), new double[] {5, 4, 8, 2});
        assertThat(objective.evaluate(policy, fixed).loss().asDouble())
                .isCloseTo(Differentiation.value(POLICY, lossOf(objective)), within(CLOSED_FORM));
    }

    @Test
    void constantsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DpoObjective.sigmoid(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> DpoObjective.sigmoid(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DpoObjective(BETA, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new RobustDpoObjective(BETA, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new HingeObjective(-1));
    }

    private static Function<Tensor, Tensor> lossOf(PreferenceObjective objective) {
        return policy -> objective.evaluate(pairs(policy), pairs(REFERENCE)).loss();
    }

    private static PairLogProbs pairs(double[] values) {
        return pairs(Tensors.of(values, values.length));
    }

    private static PairLogProbs pairs(Tensor values4) {
        return pairs(values4, new double[] {4, 5, 2, 8});
    }

    private static PairLogProbs pairs(Tensor values4, double[] lengths) {
        Tensor lengths4 = Tensors.of(lengths, 4);
        return new PairLogProbs(
                values4.slice(0, 0, 2), values4.slice(0, 2), lengths4.slice(0, 0, 2), lengths4.slice(0, 2));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
