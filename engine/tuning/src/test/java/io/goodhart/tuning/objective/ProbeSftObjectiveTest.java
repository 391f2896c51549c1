package io.goodhart.tuning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.objective.ProbeSftObjective.Output;
import io.goodhart.tuning.objective.ProbeSftObjective.Source;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeSftObjectiveTest {
    private static final float FLOAT32 = 1e-6f;
    private static final SftObjective LANGUAGE =
            new SftObjective(SftObjective.Scope.WHOLE_SEQUENCE, SftObjective.Count.PREDICTED);
    private static final List<FrozenProbe> PROBES = List.of(
            new FrozenProbe(new float[] {1, -1}, new float[] {2, 0.5f}, new float[] {1, -0.5f}, 0.25f),
            FrozenProbe.folded(new float[] {-1, 0}, 1),
            FrozenProbe.folded(new float[] {0, 2}, -1));
    /** Log-odds of the three probes: first row (3−1)/2 − 0.5·(2+1)/0.5 + 0.25 = −1.75, −2, 3; second row 0.25, 2, −5. */
    private static final float[] ROWS = {3, 2, -1, -2};

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void logOddsAreThoseOfTheStandardisedActivation() {
        assertThat(values(Output.LOGIT, new ProbeAggregation.Single(0), 0))
                .containsExactly(new float[] {-1.75f, 0.25f}, within(FLOAT32));
    }

    @Test
    void averageOfProbabilitiesIsNotTheProbabilityOfTheAverage() {
        float first = (sigmoid(-1.75) + sigmoid(-2) + sigmoid(3)) / 3;
        float second = (sigmoid(0.25) + sigmoid(2) + sigmoid(-5)) / 3;
        assertThat(values(Output.PROBABILITY, new ProbeAggregation.Average(), 0))
                .containsExactly(new float[] {first, second}, within(FLOAT32));
    }

    @Test
    void extremesAreTakenForEachSequence() {
        assertThat(values(Output.LOGIT, new ProbeAggregation.Minimum(), 0))
                .containsExactly(new float[] {-2, -5}, within(FLOAT32));
        assertThat(values(Output.LOGIT, new ProbeAggregation.Maximum(), 0))
                .containsExactly(new float[] {3, 2}, within(FLOAT32));
    }

    @Test
    void aTextThatTheReferenceReadsAsPositiveWeighsLessAndNeverLessThanNothing() {
        ProbeSftObjective objective = reference(0.8, Output.PROBABILITY);
        assertThat(objective.likelihoodWeight(0)).isEqualTo(1);
        assertThat(objective.likelihoodWeight(0.25)).isCloseTo(0.8, within(1e-12));
        assertThat(reference(1, Output.PROBABILITY).likelihoodWeight(1)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> reference(1.01, Output.PROBABILITY));
        assertThatIllegalArgumentException().isThrownBy(() -> reference(0.5, Output.LOGIT));
    }

    private static ProbeSftObjective reference(double lambda, Output output) {
        return new ProbeSftObjective(
                LANGUAGE, lambda, Source.REFERENCE, output, new ProbeAggregation.Average(), PROBES);
    }

    @Test
    void aTimedSwitchUsesEachProbeForItsBlockAndComesRoundAgain() {
        ProbeAggregation timed = new ProbeAggregation.TimedSwitch(2);
        List<Integer> used = IntStream.range(0, 8)
                .map(step -> PROBES.indexOf(timed.probesAt(step, PROBES).getFirst()))
                .boxed()
                .toList();
        assertThat(used).containsExactly(0, 0, 1, 1, 2, 2, 0, 0);
    }

    @Test
    void aRandomSwitchDependsOnSeedAndStepOnlyAndUsesAllProbes() {
        ProbeAggregation random = new ProbeAggregation.RandomSwitch(7);
        List<Integer> used = IntStream.range(0, 60)
                .map(step -> PROBES.indexOf(random.probesAt(step, PROBES).getFirst()))
                .boxed()
                .toList();
        assertThat(used).contains(0, 1, 2);
        assertThat(random.probesAt(17, PROBES)).containsExactly(PROBES.get(used.get(17)));
    }

    @Test
    void aRandomSwitchDrawsAnewAtEachStep() {
        ProbeAggregation random = new ProbeAggregation.RandomSwitch(7);
        int steps = 900;
        int[] used = IntStream.range(0, steps)
                .map(step -> PROBES.indexOf(random.probesAt(step, PROBES).getFirst()))
                .toArray();
        for (int probe = 0; probe < 3; probe++) {
            int wanted = probe;
            assertThat(Arrays.stream(used).filter(i -> i == wanted).count())
                    .isBetween(250L, 350L); // 300 ± 3.5 deviations
        }
        for (int lag = 1; lag < 4; lag++) {
            int apart = lag;
            assertThat(IntStream.range(0, steps - lag)
                            .filter(i -> used[i] == used[i + apart])
                            .count())
                    .as("alike %d steps apart", lag)
                    .isBetween(250L, 350L);
        }
    }

    @Test
    void theGradientRunsThroughStandardiserAndProbe() {
        ProbeSftObjective objective = objective(Output.PROBABILITY, new ProbeAggregation.Single(0));
        double[] x = {3, 2};
        double[] gradient = Differentiation.byGraph(
                x, leaf -> objective.value(leaf.reshape(1, 2), 0).sum());
        double slope = sigmoid(-1.75) * (1 - sigmoid(-1.75)); // σ′(z), times w/σ = (1/2, −1)
        assertThat(gradient).containsExactly(new double[] {slope / 2, -slope}, within(1e-6));
    }

    @Test
    void probesOfDifferentWidthsAndIndicesThatDoNotExistAreRefused() {
        List<FrozenProbe> mixed = List.of(PROBES.getFirst(), FrozenProbe.folded(new float[] {1}, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProbeSftObjective(
                        LANGUAGE, 1, Source.POLICY, Output.LOGIT, new ProbeAggregation.Average(), mixed));
        assertThatIllegalArgumentException().isThrownBy(() -> objective(Output.LOGIT, new ProbeAggregation.Single(3)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProbeSftObjective(
                        LANGUAGE, -1, Source.POLICY, Output.LOGIT, new ProbeAggregation.Average(), PROBES));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrozenProbe(new float[] {0}, new float[] {0}, new float[] {1}, 0));
    }

    private static float[] values(Output output, ProbeAggregation aggregation, int step) {
        return objective(output, aggregation)
                .value(Tensors.of(ROWS, 2, 2), step)
                .toFloats();
    }

    private static ProbeSftObjective objective(Output output, ProbeAggregation aggregation) {
        return new ProbeSftObjective(LANGUAGE, 1, Source.POLICY, output, aggregation, PROBES);
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }
}
