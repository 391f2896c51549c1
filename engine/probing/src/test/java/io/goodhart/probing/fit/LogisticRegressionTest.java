package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.Activations;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.Synthetic;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogisticRegressionTest {
    /** Float64 sums in another order. */
    private static final double ROUNDING = 1e-9;

    @ParameterizedTest
    @CsvSource({"7, 3", "64, 256", "65, 257", "300, 600", "2500, 130"})
    void fusedObjectiveIsTheReadableOne(int n, int d) {
        LabelledActivations examples = Synthetic.examples(n, d, 1);
        Standardiser standardiser = Standardiser.of(examples.activations());
        LogisticObjective.Penalty penalty =
                LogisticObjective.Penalty.of(3, ClassWeights.BALANCED, examples.positives(), examples.negatives());
        double[] parameters = point(d, 0.2);
        double[] expected = new double[d + 1];
        double[] actual = new double[d + 1];
        LogisticObjective readable = new LogisticObjective(examples, standardiser, penalty);
        double value = readable.evaluate(parameters, expected);
        TruncatedNewton.Objective fused = new FusedLogisticObjective(examples, standardiser, penalty);
        fused.evaluate(point(d, 5), actual); // sums of an earlier call must not remain
        assertThat(fused.evaluate(parameters, actual)).isCloseTo(value, within(ROUNDING * value));
        assertThat(actual).containsExactly(expected, Offset.offset(ROUNDING * n));
        readable.multiply(point(d, 0.7), expected);
        fused.multiply(point(d, 0.7), actual);
        assertThat(actual).containsExactly(expected, Offset.offset(ROUNDING * n));
    }

    @Test
    void theHessianIsTheSlopeOfTheGradient() {
        int d = 9;
        LabelledActivations examples = Synthetic.examples(40, d, 2);
        LogisticObjective objective = new LogisticObjective(
                examples, Standardiser.of(examples.activations()), new LogisticObjective.Penalty(1.7, 0.4));
        double[] parameters = point(d, 0.5);
        double[] along = point(d, -0.3);
        double h = 1e-6;
        double[] up = new double[d + 1];
        double[] down = new double[d + 1];
        objective.evaluate(moved(parameters, h, along), up);
        objective.evaluate(moved(parameters, -h, along), down);
        objective.evaluate(parameters, new double[d + 1]);
        double[] product = new double[d + 1];
        objective.multiply(along, product);
        for (int j = 0; j <= d; j++) {
            assertThat(product[j]).isCloseTo((up[j] - down[j]) / (2 * h), within(1e-6));
        }
    }

    private static double[] moved(double[] point, double step, double[] along) {
        double[] moved = point.clone();
        Arrays.setAll(moved, j -> point[j] + step * along[j]);
        return moved;
    }

    @Test
    void gradientIsTheSlopeOfTheValue() {
        int d = 9;
        LabelledActivations examples = Synthetic.examples(40, d, 2);
        LogisticObjective objective = new LogisticObjective(
                examples, Standardiser.of(examples.activations()), new LogisticObjective.Penalty(1.7, 0.4));
        double[] parameters = point(d, 0.5);
        double[] gradient = new double[d + 1];
        objective.evaluate(parameters, gradient);
        double h = 1e-6;
        for (int j = 0; j <= d; j++) {
            double[] up = parameters.clone();
            double[] down = parameters.clone();
            up[j] += h;
            down[j] -= h;
            double[] unused = new double[d + 1];
            double slope = (objective.evaluate(up, unused) - objective.evaluate(down, unused)) / (2 * h);
            assertThat(gradient[j]).isCloseTo(slope, within(1e-6));
        }
    }

    @Test
    void gradientVanishesAtTheFit() {
        LabelledActivations examples = Synthetic.examples(200, 31, 3);
        LinearFit probe = new LogisticRegression(0.3, ClassWeights.BALANCED).fit(examples);
        double[] parameters = Arrays.copyOf(probe.weight().toArray(), 32);
        parameters[31] = probe.bias();
        double[] gradient = new double[32];
        LogisticObjective.Penalty penalty =
                LogisticObjective.Penalty.of(0.3, ClassWeights.BALANCED, examples.positives(), examples.negatives());
        new LogisticObjective(examples, probe.standardiser(), penalty).evaluate(parameters, gradient);
        assertThat(gradient).containsExactly(new double[32], Offset.offset(1e-5));
    }

    @Test
    void twoMirroredExamplesHaveAClosedForm() {
        // z = ±1, so w minimises w²/2 + 2C·ln(1 + e^(−w)): w = 2C·σ(−w); with C = w/(2σ(−w)) for w = 1
        double c = 1 / (2 * FittedProbe.sigmoid(-1));
        LabelledActivations examples =
                LabelledActivations.of(Activations.of(new float[] {3, 7}, 2, 1), new boolean[] {false, true});
        LinearFit probe = new LogisticRegression(c, ClassWeights.NONE).fit(examples);
        assertThat(probe.weight().get(0)).isCloseTo(1, within(1e-6));
        assertThat(probe.bias()).isCloseTo(0, within(1e-6));
        assertThat(probe.foldedWeight().get(0)).isCloseTo(0.5, within(1e-6));
        assertThat(probe.foldedBias()).isCloseTo(-2.5, within(1e-6));
    }

    @Test
    void meanProbabilityIsTheBaseRateWithEqualWeightsAndOneHalfWhenBalanced() {
        LabelledActivations examples = Synthetic.examples(300, 12, 4);
        double[] equal = LogisticRegression.standard().fit(examples).probabilities(examples.activations());
        double sum = 0;
        for (double p : equal) {
            sum += p;
        }
        assertThat(sum).isCloseTo(examples.positives(), within(1e-4)); // ∂f/∂b = 0
        double[] balanced =
                new LogisticRegression(1, ClassWeights.BALANCED).fit(examples).probabilities(examples.activations());
        double missed = 0;
        double alarms = 0;
        for (int i = 0; i < balanced.length; i++) {
            missed += examples.label(i) ? (1 - balanced[i]) / examples.positives() : 0;
            alarms += examples.label(i) ? 0 : balanced[i] / examples.negatives();
        }
        assertThat(missed).isCloseTo(alarms, within(1e-6));
    }

    @Test
    void fitDoesNotDependOnUnitsOrOnTheOrderOfRows() {
        LabelledActivations examples = Synthetic.examples(150, 8, 5);
        LinearFit probe = LogisticRegression.standard().fit(examples);
        float[] scaled = examples.activations().valuesND().clone();
        for (int k = 0; k < scaled.length; k++) {
            scaled[k] = scaled[k] * 4 - 16; // exact in float32
        }
        LinearFit inOtherUnits = LogisticRegression.standard()
                .fit(LabelledActivations.of(Activations.of(scaled, 150, 8), examples.labels()));
        assertThat(inOtherUnits.weight().toArray())
                .containsExactly(probe.weight().toArray(), Offset.offset(1e-5));
        LinearFit shuffled = LogisticRegression.standard().fit(examples.rows(Seeds.permutation(150, 9)));
        assertThat(shuffled.weight().toArray()).containsExactly(probe.weight().toArray(), Offset.offset(1e-5));
    }

    @Test
    void swappedLabelsGiveTheOppositeProbe() {
        LabelledActivations examples = Synthetic.examples(120, 6, 6);
        boolean[] swapped = examples.labels();
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = !swapped[i];
        }
        LinearFit probe = LogisticRegression.standard().fit(examples);
        LinearFit opposite = LogisticRegression.standard().fit(LabelledActivations.of(examples.activations(), swapped));
        assertThat(opposite.weight().toArray())
                .containsExactly(probe.weight().scaled(-1).toArray(), Offset.offset(1e-5));
        assertThat(opposite.bias()).isCloseTo(-probe.bias(), within(1e-5));
    }

    @Test
    void fitIsTheSameToTheBitEachTime() {
        LabelledActivations examples = Synthetic.examples(2000, 200, 7);
        assertThat(LogisticRegression.standard().fit(examples))
                .isEqualTo(LogisticRegression.standard().fit(examples));
    }

    @Test
    void separableExamplesWithLittlePenaltyStillHaveAnOptimum() {
        float[] x = {-40, -39, -38, 38, 39, 41};
        boolean[] labels = {false, false, false, true, true, true};
        LabelledActivations examples = LabelledActivations.of(Activations.of(x, 6, 1), labels);
        LinearFit probe = new LogisticRegression(1e6, ClassWeights.NONE).fit(examples);
        assertThat(probe.weight().get(0)).isBetween(5.0, 50.0);
        double[] labelled = {0, 0, 0, 1, 1, 1};
        assertThat(probe.probabilities(examples.activations())).containsExactly(labelled, Offset.offset(1e-4));
    }

    @Test
    void oneClassIsRefusedByName() {
        LabelledActivations examples =
                LabelledActivations.of(Activations.of(new float[] {1, 2, 3}, 3, 1), new boolean[3]);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> LogisticRegression.standard().fit(examples))
                .withMessageContaining("training examples need both classes, got 0 positive and 3 negative; take more")
                .satisfies(e -> assertThat(e.code()).isEqualTo("one_class"));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> MeanDifference.raw(examples));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void impossiblePenaltiesAreRefused(double c) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LogisticRegression(c, ClassWeights.NONE));
    }

    @Test
    void activationsThatAreNotFiniteAreRefused() {
        LabelledActivations examples =
                LabelledActivations.of(Activations.of(new float[] {1, Float.NaN}, 2, 1), new boolean[] {true, false});
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> LogisticRegression.standard().fit(examples))
                .withMessageContaining("Feature 0 of training example 1 is NaN")
                .satisfies(e -> assertThat(e.code()).isEqualTo("activation_not_finite"));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> MeanDifference.raw(examples));
    }

    @Test
    void activationsThatAreAllAlikeAreRefused() {
        float[] x = {1, 7, 1, 7, 1, 7};
        LabelledActivations examples =
                LabelledActivations.of(Activations.of(x, 3, 2), new boolean[] {true, false, true});
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> LogisticRegression.standard().fit(examples))
                .withMessageContaining("All 2 features are the same in all 3 training examples; feature 0 is 1.0")
                .satisfies(e -> assertThat(e.code()).isEqualTo("activations_constant"));
        x[3] = 8; // one feature of one example is enough
        assertThat(LogisticRegression.standard().fit(examples).weight().get(1)).isNegative();
    }

    /** As C goes to 0, w does too, and b goes to the log-odds of the weighted share of positives. */
    @ParameterizedTest
    @CsvSource({"1e-4, NONE", "1e-7, NONE", "1e-10, NONE", "1e-13, NONE", "1e-10, BALANCED"})
    void interceptIsRightHoweverSmallCIs(double c, ClassWeights weights) {
        LabelledActivations examples = rare();
        LinearFit probe = new LogisticRegression(c, weights).fit(examples);
        double[] parameters = Arrays.copyOf(probe.weight().toArray(), 6);
        parameters[5] = probe.bias();
        double[] gradient = new double[6];
        LogisticObjective.Penalty penalty =
                LogisticObjective.Penalty.of(c, weights, examples.positives(), examples.negatives());
        new LogisticObjective(examples, probe.standardiser(), penalty).evaluate(parameters, gradient);
        double curvature = 0;
        for (int i = 0; i < examples.n(); i++) {
            double p = probe.probabilities(examples.activations())[i];
            curvature += penalty.of(examples.label(i)) * p * (1 - p);
        }
        assertThat(gradient[5] / curvature).isCloseTo(0, within(4e-6)); // Newton's step of b from here
        if (c < 1e-6) {
            double expected = weights == ClassWeights.BALANCED
                    ? 0
                    : Math.log(examples.positives() / (double) examples.negatives());
            assertThat(probe.bias()).isCloseTo(expected, within(1e-4));
        }
    }

    /** One example of ten is positive. */
    private static LabelledActivations rare() {
        LabelledActivations examples = Synthetic.examples(200, 5, 8);
        boolean[] labels = new boolean[200];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 10 == 0;
        }
        return LabelledActivations.of(examples.activations(), labels);
    }

    private static double[] point(int d, double size) {
        SplitMix random = new SplitMix(d);
        double[] parameters = new double[d + 1];
        for (int j = 0; j <= d; j++) {
            parameters[j] = size * (random.uniform() - 0.5);
        }
        return parameters;
    }
}
