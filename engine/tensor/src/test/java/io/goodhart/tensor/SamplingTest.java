package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {
    private static final List<Sampling> SETTINGS = List.of(
            Sampling.plain(),
            new Sampling(0.7, 0, 1),
            new Sampling(1.3, 5, 1),
            new Sampling(1, 0, 0.6),
            new Sampling(0.8, 20, 0.9),
            new Sampling(1, 1, 1));

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    /** The fast kernel looks for the token in groups of 64. */
    @ParameterizedTest
    @ValueSource(ints = {50, 64, 65, 128, 200, 4096})
    void fastAndReadableKernelsDrawTheSameTokens(int vocabulary) {
        Tensor logitsBV = Numbers.floats(1, 64, vocabulary).scaled(2);
        Tensor uniformsB = uniforms(64);
        for (Sampling sampling : SETTINGS) {
            assertThat(Kernels.best().sample(logitsBV, sampling, uniformsB).toLongs())
                    .as("%s", sampling)
                    .isEqualTo(Kernels.reference()
                            .sample(logitsBV, sampling, uniformsB)
                            .toLongs());
        }
    }

    @Test
    void aRowDoesNotDependOnItsBatch() {
        Tensor logitsBV = Numbers.floats(1, 16, 3000).scaled(1.5);
        Tensor uniformsB = uniforms(16);
        for (Sampling sampling : SETTINGS) {
            long[] together =
                    Kernels.best().sample(logitsBV, sampling, uniformsB).toLongs();
            for (int row = 0; row < together.length; row++) {
                Tensor alone = Kernels.best()
                        .sample(logitsBV.slice(0, row, row + 1), sampling, uniformsB.slice(0, row, row + 1));
                assertThat(alone.asLong()).isEqualTo(together[row]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void frequenciesAreTheProbabilities(boolean best) {
        int draws = 4_000;
        float[] probabilities = {0.5f, 0.2f, 0.2f, 0.1f};
        Tensor logitsBV = Tensors.of(probabilities).log().unsqueeze(0).expand(draws, -1);
        Kernels kernels = best ? Kernels.best() : Kernels.reference();
        assertThat(frequencies(kernels.sample(logitsBV, Sampling.plain(), uniforms(draws))))
                .containsExactly(new double[] {0.5, 0.2, 0.2, 0.1}, within(2e-3));
        assertThat(frequencies(kernels.sample(logitsBV, new Sampling(0.5, 0, 1), uniforms(draws))))
                .containsExactly(new double[] {25 / 34.0, 4 / 34.0, 4 / 34.0, 1 / 34.0}, within(2e-3));
        assertThat(frequencies(kernels.sample(logitsBV, new Sampling(1, 1, 1), uniforms(draws))))
                .containsExactly(1, 0, 0, 0);
        assertThat(frequencies(kernels.sample(logitsBV, new Sampling(1, 0, 0.85), uniforms(draws))))
                .containsExactly(new double[] {5 / 9.0, 2 / 9.0, 2 / 9.0, 0}, within(2e-3));
        assertThat(frequencies(kernels.sample(logitsBV, new Sampling(1, 0, 0.4), uniforms(draws))))
                .containsExactly(1, 0, 0, 0);
    }

    @Test
    void theEndsOfTheUnitIntervalStayInsideTheNucleus() {
        Tensor logitsBV =
                Tensors.of(new float[] {3, 2, 1, Float.NEGATIVE_INFINITY}, 1, 4).expand(2, -1);
        Tensor ends = Tensors.of(new double[] {0, Math.nextDown(1.0)});
        for (Kernels kernels : List.of(Kernels.best(), Kernels.reference())) {
            assertThat(kernels.sample(logitsBV, Sampling.plain(), ends).toLongs())
                    .containsExactly(0, 2);
            assertThat(kernels.sample(logitsBV, new Sampling(1, 3, 0.7), ends).toLongs())
                    .containsExactly(0, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 64, 100, 128, 130})
    void onlyTheTokenWithMassIsDrawn(int vocabulary) {
        double[] uniforms = {0, 0.3, Math.nextDown(1.0)};
        for (int token = 0; token < vocabulary; token++) {
            float[] logits = new float[vocabulary];
            Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            logits[token] = -4;
            Tensor logitsBV = Tensors.of(logits, 1, vocabulary).expand(uniforms.length, -1);
            assertThat(Kernels.best()
                            .sample(logitsBV, Sampling.plain(), Tensors.of(uniforms))
                            .toLongs())
                    .containsOnly(token);
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> new Sampling(0, 0, 1)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> new Sampling(Double.NaN, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessageContaining("topP");
    }

    /** An even grid over [0, 1), so that frequencies converge like 1/n. */
    private static Tensor uniforms(int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i + 0.5) / count;
        }
        return Tensors.of(values);
    }

    private static double[] frequencies(Tensor ids) {
        int[] counts = new int[4];
        for (long id : ids.toLongs()) {
            counts[(int) id]++;
        }
        return Arrays.stream(counts)
                .mapToDouble(count -> (double) count / ids.elements())
                .toArray();
    }
}
