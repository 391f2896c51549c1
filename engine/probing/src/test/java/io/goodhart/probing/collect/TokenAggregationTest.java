package io.goodhart.probing.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.probing.DenseVector;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenAggregationTest {
    private static final double[] LOGITS = {-1, 4, 0, 2, -3};

    @Test
    void aggregationsHaveTheirClosedForms() {
        assertValue(new TokenAggregation.Mean(), 0.4);
        assertValue(new TokenAggregation.Sum(), 2);
        assertValue(new TokenAggregation.Max(), 4);
        assertValue(new TokenAggregation.Last(), -3);
        assertValue(new TokenAggregation.TopMean(2), 3);
        assertValue(new TokenAggregation.TopMean(9), 0.4);
        assertValue(new TokenAggregation.RollingMeanMax(3), 2);
        assertValue(new TokenAggregation.RollingMeanMax(9), 0.4);
        assertValue(new TokenAggregation.EmaMax(0.5), 1.5);
    }

    @Test
    void namesStandForTheSettingsThatAreDocumented() {
        assertThat(TokenAggregation.of(Aggregation.MEAN)).isEqualTo(new TokenAggregation.Mean());
        assertThat(TokenAggregation.of(Aggregation.LAST)).isEqualTo(new TokenAggregation.Last());
        assertThat(TokenAggregation.of(Aggregation.MAX)).isEqualTo(new TokenAggregation.Max());
        assertThat(TokenAggregation.of(Aggregation.MULTIMAX)).isEqualTo(new TokenAggregation.Max());
        assertThat(TokenAggregation.of(Aggregation.EMA_MAX)).isEqualTo(new TokenAggregation.EmaMax(0.5));
        assertThat(TokenAggregation.of(Aggregation.ROLLING_MEAN_MAX))
                .isEqualTo(new TokenAggregation.RollingMeanMax(10));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenAggregation.of(Aggregation.ATTENTION));
    }

    @Test
    void maxOfNegativeLogitsIsNegative() {
        assertThat(new TokenAggregation.Max().of(new double[] {-5, -2, -3})).hasValue(-2);
        assertThat(new TokenAggregation.EmaMax(0.5).of(new double[] {-5, -2, -3}))
                .hasValue(-3.25);
    }

    @Test
    void nothingIsAggregatedToNothing() {
        assertThat(new TokenAggregation.Mean().of(new double[0])).isEmpty();
        assertThat(new TokenAggregation.TopMean(2).of(new double[0])).isEmpty();
        assertThat(new TokenAggregation.RollingMeanMax(2).of(new double[0])).isEmpty();
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenAggregation.TopMean(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenAggregation.EmaMax(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenAggregation.EmaMax(Double.NaN));
    }

    @Test
    void poolingReadsTheKeptTokensOnly() {
        float[] activations = {Float.NaN, Float.NaN, 1, -8, 3, -2, 100, 100, 5, -5};
        boolean[] kept = {false, true, true, false, true};
        assertThat(TokenPooling.of(Pooling.MEAN, activations, kept)).hasValue(DenseVector.of(3.0, -5.0));
        assertThat(TokenPooling.of(Pooling.LAST, activations, kept)).hasValue(DenseVector.of(5.0, -5.0));
        assertThat(TokenPooling.of(Pooling.MAX, activations, kept)).hasValue(DenseVector.of(5.0, -2.0));
        assertThat(TokenPooling.of(Pooling.MEAN, activations, new boolean[5])).isEmpty();
        assertThat(TokenPooling.of(Pooling.MEAN, new float[0], new boolean[0])).isEmpty();
    }

    @Test
    void moreMaskedTokensDoNotMoveThePool() {
        float[] plain = {0.25f, 2, -0.5f, 4};
        float[] padded = {9, 9, 0.25f, 2, 9, 9, -0.5f, 4, 9, 9};
        for (Pooling pooling : List.of(Pooling.MEAN, Pooling.LAST, Pooling.MAX)) {
            assertThat(TokenPooling.of(pooling, padded, new boolean[] {false, true, false, true, false}))
                    .isEqualTo(TokenPooling.of(pooling, plain, new boolean[] {true, true}));
        }
    }

    private static void assertValue(TokenAggregation aggregation, double expected) {
        assertThat(aggregation.of(LOGITS).orElseThrow()).as("%s", aggregation).isCloseTo(expected, within(1e-14));
    }
}
