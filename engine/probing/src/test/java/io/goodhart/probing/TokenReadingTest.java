package io.goodhart.probing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.collect.TokenAggregation;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What each kind makes of tokens, in closed form. */
class TokenReadingTest {
    /** z of the three tokens: (0, 0, 0), (1, 2, −1), (−1, 0, 2); the second text has the last two. */
    private static final Activations ROWS =
            Activations.of(new float[] {1, -2, 0.5f, 3, -1, -3.5f, -1, -2, 8.5f, 3, -1, -3.5f, -1, -2, 8.5f}, 5, 3);

    private static final TokenActivations TEXTS = TokenActivations.of(ROWS, new int[] {0, 3, 5});
    private static final Offset<Double> ROUNDING = within(1e-12);

    @Test
    void mlpUnitsAreRectified() {
        // z: units max(0, 0.1), max(0, −0.2) | 2.1, 4.3 | 0, 0
        assertThat(Probes.mlp().logits(TEXTS.rows()))
                .containsExactly(new double[] {0.5, 4.2 - 12.9 + 0.3, 0.3, -8.4, 0.3}, ROUNDING);
    }

    @Test
    void aSubspaceIsTheDirectionThatItReads() {
        SubspaceFit fit = Probes.subspace();
        // coordinates (0, 0), (0.6 + 1.6, −1), (−0.6, 2)
        assertThat(fit.logits(TEXTS.rows()))
                .containsExactly(new double[] {0.1, 3.3 + 2 + 0.1, -0.9 - 4 + 0.1, 5.4, -4.8}, ROUNDING);
        assertThat(fit.linear().orElseThrow().weight().toArray())
                .containsExactly(new double[] {0.9, 1.2, -2}, ROUNDING);
    }

    @Test
    void attentionWeighsTheTokensOfATextAndMultimaxTakesTheHighest() {
        AttentionFit fit = Probes.attention();
        double e = Math.E;
        // head 1: queries 0, 1, −1, values 0, 2, 0; head 2 is a mean of 0, −2, 4
        double first = 2 * e / (1 + e + 1 / e) + 2 / 3.0 - 0.4;
        double second = 2 * e / (e + 1 / e) + 1 - 0.4;
        assertThat(fit.logits(TEXTS, Aggregation.ATTENTION)).containsExactly(new double[] {first, second}, ROUNDING);
        assertThat(fit.logits(TEXTS, Aggregation.MULTIMAX)).containsExactly(new double[] {5.6, 5.6}, ROUNDING);
        assertThatIllegalArgumentException().isThrownBy(() -> fit.logits(TEXTS, Aggregation.MEAN));
    }

    @Test
    void aTokensScoreIsThatOfTheTextSoFarWhereTokensAttend() {
        AttentionFit fit = Probes.attention();
        double[] soFar = fit.tokenLogits(ROWS.rows(new int[] {0, 1, 2}));
        for (int t = 1; t <= 3; t++) {
            TokenActivations prefix = TokenActivations.ofOne(ROWS.rows(Arrays.copyOf(new int[] {0, 1, 2}, t)));
            assertThat(soFar[t - 1]).isCloseTo(fit.logits(prefix, Aggregation.ATTENTION)[0], ROUNDING);
        }
        assertThat(Probes.mlp().tokenLogits(ROWS)).isEqualTo(Probes.mlp().logits(ROWS));
    }

    @Test
    void attentionSurvivesLargeQueries() {
        AttentionFit fit = Probes.attention();
        AttentionFit steep = new AttentionFit(
                fit.standardiser(),
                fit.queries().stream().map(q -> q.scaled(1e6)).toList(),
                fit.values(),
                0);
        assertThat(steep.logits(TEXTS, Aggregation.ATTENTION)[1]).isCloseTo(2 + 1, ROUNDING);
    }

    @Test
    void rowsAreAggregatedTextByText() {
        double[] ofTokens = Probes.maximum().logits(TEXTS.rows());
        assertThat(ofTokens).containsExactly(new double[] {0.25, -1.75, 3.25, -1.75, 3.25}, ROUNDING);
        Map<Aggregation, double[]> expected = Map.of(
                Aggregation.MAX, new double[] {3.25, 3.25},
                Aggregation.MULTIMAX, new double[] {3.25, 3.25},
                Aggregation.MEAN, new double[] {1.75 / 3, 0.75},
                Aggregation.LAST, new double[] {3.25, 3.25},
                Aggregation.EMA_MAX, new double[] {(3.25 - 0.75) / 2, 0.75},
                Aggregation.ROLLING_MEAN_MAX, new double[] {1.75 / 3, 0.75});
        expected.forEach((aggregation, scores) -> assertThat(Probes.maximum().logits(TEXTS, aggregation))
                .as(aggregation.toString())
                .containsExactly(scores, ROUNDING));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenAggregation.of(Aggregation.ATTENTION));
    }

    @Test
    void textsWithoutTokensHaveNoRowAndAreLeftOutByNumber() {
        TokenActivations gaps = TokenActivations.of(ROWS, new int[] {0, 0, 3, 3, 5});
        assertThat(gaps.withRows()).containsExactly(1, 3);
        TokenActivations kept = gaps.texts(new int[] {3, 1});
        assertThat(kept.offsets()).containsExactly(0, 2, 5);
        assertThat(kept.rows().row(2)).isEqualTo(ROWS.row(0));
        assertThat(kept.longest()).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> LabelledTexts.of(gaps, new boolean[4]));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenActivations.of(ROWS, new int[] {0, 4, 3, 5}));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenActivations.of(ROWS, new int[] {0, 4}));
    }

    @Test
    void calibratedProbabilitiesAreThoseOfTheProbesOwnAggregation() {
        Probe probe = Probes.perToken(Probes.maximum());
        double logit = 2 * 3.25 - 0.5;
        assertThat(probe.probabilities(TEXTS))
                .containsExactly(new double[] {1 / (1 + Math.exp(-logit)), 1 / (1 + Math.exp(-logit))}, ROUNDING);
        assertThat(probe.calibration(Aggregation.ATTENTION)).isEmpty();
        assertThat(Probes.of(Probes.mlp()).calibration(Aggregation.MEAN)).isEmpty();
        assertThat(Probes.of(Probes.subspace()).calibration(Aggregation.MEAN)).isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> Probes.of(Probes.maximum()));
    }
}
