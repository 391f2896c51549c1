package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.domain.spec.ProbeSpec.Kind;
import io.goodhart.probing.Activations;
import io.goodhart.probing.AttentionFit;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.TokenActivations;
import io.goodhart.probing.evaluate.RocAuc;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkFitTest {
    private static final List<ProbeNetwork> NETWORKS =
            List.of(new ProbeNetwork.Attention(3), new ProbeNetwork.Maximum(), new ProbeNetwork.Mlp(4));

    @BeforeAll
    static void prepare() {
        ComputeThread.prepare(1);
    }

    /** Texts of 1 to 20 tokens; a positive one has a single token that tells, at a place of its own. */
    private static LabelledTexts texts(int n, int d, long seed) {
        SplitMix random = new SplitMix(seed);
        int[] offsets = new int[n + 1];
        boolean[] labels = new boolean[n];
        for (int i = 0; i < n; i++) {
            offsets[i + 1] = offsets[i] + 1 + random.below(20);
            labels[i] = random.uniform() < 0.4;
        }
        float[] x = new float[offsets[n] * d];
        for (int k = 0; k < x.length; k++) {
            x[k] = (float) (random.uniform() + random.uniform() + random.uniform() - 1.5) * (1 + k % d);
        }
        for (int i = 0; i < n; i++) {
            int telling = offsets[i] + random.below(offsets[i + 1] - offsets[i]);
            x[telling * d] += labels[i] ? 2.2f : 0;
        }
        return LabelledTexts.of(TokenActivations.of(Activations.of(x, offsets[n], d), offsets), labels);
    }

    @Test
    void gradientsAreFiniteDifferences() {
        LabelledTexts texts = texts(12, 3, 5);
        Standardiser standardiser = Standardiser.of(texts.activations().rows());
        for (ProbeNetwork network : NETWORKS) {
            LabelledTexts read = network instanceof ProbeNetwork.Mlp ? byRow(texts) : texts;
            try (Scope scope = Scope.open()) {
                NetworkObjective objective = new NetworkObjective(
                        network,
                        TextBatch.of(read.activations(), standardiser),
                        read.labels(),
                        new LogisticObjective.Penalty(1.3, 0.4));
                double[] x = network.start(3, new SplitMix(3));
                SplitMix random = new SplitMix(8);
                for (int j = 0; j < x.length; j++) {
                    x[j] += random.uniform() - 0.5;
                }
                double[] gradient = new double[x.length];
                double value = objective.evaluate(x, gradient);
                double step = 1e-6;
                for (int j = 0; j < x.length; j++) {
                    double[] up = x.clone();
                    double[] down = x.clone();
                    up[j] += step;
                    down[j] -= step;
                    double[] ignored = new double[x.length];
                    double slope = (objective.evaluate(up, ignored) - objective.evaluate(down, ignored)) / (2 * step);
                    assertThat(gradient[j]).as("%s %d", network, j).isCloseTo(slope, within(1e-6 * Math.max(1, value)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ATTENTION", "MAX_POOLED"})
    void oneTellingTokenIsFoundThatTheMeanHides(Kind kind) {
        LabelledTexts training = texts(150, 6, 1);
        FittedProbe probe = fitting(kind, 2).fit(training, texts(60, 6, 2), 11);
        FittedProbe mean = new ProbeFitting(Kind.LOGISTIC, 0, 1, ClassWeights.NONE).fit(training, training, 0);
        LabelledTexts test = texts(300, 6, 3);
        double auc = auc(probe, kind.ownAggregation(), test);
        assertThat(auc).isGreaterThan(0.9).isGreaterThan(auc(mean, Aggregation.MEAN, test) + 0.03);
    }

    @Test
    void hiddenUnitsFindWhatNoDirectionTells() {
        LabelledTexts training = xor(200, 1);
        FittedProbe mlp = new ProbeFitting(Kind.MLP, 16, 10, ClassWeights.NONE).fit(training, xor(100, 2), 4);
        FittedProbe logistic = new ProbeFitting(Kind.LOGISTIC, 0, 10, ClassWeights.NONE).fit(training, training, 0);
        LabelledTexts test = xor(300, 3);
        assertThat(auc(mlp, Aggregation.MEAN, test)).isGreaterThan(0.95);
        assertThat(auc(logistic, Aggregation.MEAN, test)).isBetween(0.3, 0.7);
    }

    private static LabelledTexts xor(int n, long seed) {
        SplitMix random = new SplitMix(seed);
        float[] x = new float[2 * n];
        boolean[] labels = new boolean[n];
        for (int i = 0; i < n; i++) {
            x[2 * i] = (float) (2 * random.uniform() - 1);
            x[2 * i + 1] = (float) (2 * random.uniform() - 1);
            labels[i] = x[2 * i] * x[2 * i + 1] > 0;
        }
        return LabelledTexts.of(TokenActivations.pooled(Activations.of(x, n, 2)), labels);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ATTENTION", "MAX_POOLED", "MLP"})
    void theSameSeedGivesTheSameProbe(Kind kind) {
        LabelledTexts training = texts(40, 4, 1);
        LabelledTexts calibration = texts(20, 4, 2);
        assertThat(fitting(kind, 3).fit(training, calibration, 5))
                .isEqualTo(fitting(kind, 3).fit(training, calibration, 5));
    }

    @Test
    void aMaximumOfOneTokenEachIsLogisticRegression() {
        LabelledTexts pooled = byRow(texts(60, 4, 6));
        LabelledTexts none =
                LabelledTexts.of(TokenActivations.pooled(Activations.of(new float[0], 0, 4)), new boolean[0]);
        FittedProbe maximum = fitting(Kind.MAX_POOLED, 0).fit(pooled, none, 0);
        FittedProbe logistic = fitting(Kind.LOGISTIC, 0).fit(pooled, none, 0);
        assertThat(maximum.linear().orElseThrow().weight().toArray())
                .containsExactly(logistic.linear().orElseThrow().weight().toArray(), Offset.offset(1e-3));
    }

    @Test
    void theOrderOfATextsTokensDoesNotMatterToAttention() {
        AttentionFit probe = (AttentionFit) fitting(Kind.ATTENTION, 2).fit(texts(40, 4, 1), texts(20, 4, 2), 5);
        TokenActivations text = texts(1, 4, 9).activations();
        int[] reversed = new int[text.rows().n()];
        for (int t = 0; t < reversed.length; t++) {
            reversed[t] = reversed.length - 1 - t;
        }
        TokenActivations other = TokenActivations.ofOne(text.rows().rows(reversed));
        assertThat(probe.logits(other, Aggregation.ATTENTION)[0])
                .isCloseTo(probe.logits(text, Aggregation.ATTENTION)[0], within(1e-9));
    }

    @Test
    void calibrationTextsThatContradictEndTheFitAfterItsFirstStep() {
        LabelledTexts training = texts(40, 4, 1);
        boolean[] contrary = training.labels();
        for (int i = 0; i < contrary.length; i++) {
            contrary[i] = !contrary[i];
        }
        FittedProbe probe = fitting(Kind.MAX_POOLED, 0).fit(training, training.labelled(contrary), 0);
        assertThat(probe.linear().orElseThrow().weight().norm()).isPositive().isLessThanOrEqualTo(1);
    }

    @Test
    void textsThatNothingCanBeLearntFromAreRefused() {
        LabelledTexts texts = texts(10, 3, 1);
        LabelledTexts oneClass = texts.labelled(new boolean[10]);
        for (Kind kind : Kind.values()) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .as(kind.toString())
                    .isThrownBy(() -> fitting(kind, 2).fit(oneClass, texts, 0))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("one_class"));
        }
        LabelledTexts alike = LabelledTexts.of(
                TokenActivations.pooled(Activations.of(new float[] {1, 2, 1, 2}, 4, 1)),
                new boolean[] {true, true, false, false});
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> fitting(Kind.MAX_POOLED, 0).fit(alike, alike, 0))
                .satisfies(e -> assertThat(e.code()).isEqualTo("nothing_to_learn"));
        float[] broken = texts.activations().rows().valuesND().clone();
        broken[4] = Float.NaN;
        LabelledTexts damaged = LabelledTexts.of(
                TokenActivations.of(
                        Activations.of(broken, broken.length / 3, 3),
                        texts.activations().offsets()),
                texts.labels());
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> fitting(Kind.ATTENTION, 2).fit(damaged, texts, 0))
                .satisfies(e -> assertThat(e.code()).isEqualTo("activation_not_finite"));
    }

    @Test
    void fewerTextsThanFeaturesAreFine() {
        LabelledTexts few = texts(12, 40, 1);
        for (Kind kind : Kind.values()) {
            double[] logits = fitting(kind, 3).fit(few, few, 1).logits(few.activations(), kind.ownAggregation());
            assertThat(Arrays.stream(logits)).as(kind.toString()).allMatch(Double::isFinite);
        }
    }

    private static ProbeFitting fitting(Kind kind, int size) {
        return new ProbeFitting(kind, size, 1, ClassWeights.NONE);
    }

    private static LabelledTexts byRow(LabelledTexts texts) {
        return LabelledTexts.of(
                TokenActivations.pooled(texts.activations().rows()),
                texts.rows().labels());
    }

    private static double auc(FittedProbe probe, Aggregation aggregation, LabelledTexts texts) {
        return RocAuc.of(texts.labels(), probe.logits(texts.activations(), aggregation))
                .orElseThrow();
    }
}
