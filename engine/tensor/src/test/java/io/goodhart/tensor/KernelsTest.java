package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fast kernels agree with the readable ones, forward and backward. */
class KernelsTest {
    /** Float32 sums of a few dozen terms in another order. */
    private static final float PARITY = 5e-6f;

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
    void attentionAgreesWithoutMask() {
        agree(
                (kernels, x) -> kernels.attention(x.get(0), x.get(1), x.get(2), null, 0.3),
                random(1, 2, 4, 5, 8),
                random(2, 2, 4, 7, 8),
                random(3, 2, 4, 7, 8));
    }

    @Test
    void attentionAgreesWithSharedKeysAndMask() {
        Tensor mask = random(4, 2, 1, 5, 7).greaterThan(-0.3);
        agree(
                (kernels, x) -> kernels.attention(x.get(0), x.get(1), x.get(2), mask, 0.3),
                random(1, 2, 4, 5, 8),
                random(2, 2, 2, 7, 8),
                random(3, 2, 2, 7, 8));
    }

    @Test
    void attentionAgreesWithAnAddendAndOneSharedHead() {
        Tensor addend = random(4, 5, 7);
        agree(
                (kernels, x) -> kernels.attention(x.get(0), x.get(1), x.get(2), addend, 0.5),
                random(1, 2, 4, 5, 8),
                random(2, 2, 1, 7, 8),
                random(3, 2, 1, 7, 8));
    }

    @Test
    void aQueryWithoutKeysGivesZerosAndFiniteGradients() {
        Tensor mask = Tensors.of(new boolean[] {true, true, false, false, false, false}, 3, 2);
        agree(
                (kernels, x) -> kernels.attention(x.get(0), x.get(1), x.get(2), mask, 0.5),
                random(1, 1, 1, 3, 4),
                random(2, 1, 1, 2, 4),
                random(3, 1, 1, 2, 4));
    }

    @Test
    void causalAttentionAgrees() {
        agree(
                (kernels, x) -> kernels.causalAttention(x.get(0), x.get(1), x.get(2), 0.3),
                random(1, 2, 4, 6, 8),
                random(2, 2, 2, 6, 8),
                random(3, 2, 2, 6, 8));
    }

    @Test
    void normsAgree() {
        agree((kernels, x) -> kernels.rmsNorm(x.get(0), x.get(1), 1e-6), random(1, 2, 3, 8), random(2, 8));
        agree((kernels, x) -> kernels.shiftedRmsNorm(x.get(0), x.get(1), 1e-6), random(1, 2, 3, 8), random(2, 8));
        agree(
                (kernels, x) -> kernels.layerNorm(x.get(0), x.get(1), x.get(2), 1e-5),
                random(1, 2, 3, 8),
                random(2, 8),
                random(3, 8));
    }

    @Test
    void adaptedLinearAgrees() {
        agree(
                (kernels, x) -> kernels.adaptedLinear(
                        x.get(0), x.get(1).transpose(0, 1), x.get(2), new LowRank(x.get(3), x.get(4), 1.7)),
                random(1, 2, 3, 8),
                random(2, 8, 5),
                random(3, 5),
                random(4, 2, 8),
                random(5, 5, 2));
        agree(
                (kernels, x) -> kernels.adaptedLinear(x.get(0), x.get(1), null, new LowRank(x.get(2), x.get(3), -0.3)),
                random(1, 4, 8),
                random(2, 5, 8),
                random(4, 2, 8),
                random(5, 5, 2));
    }

    @Test
    void activationsAgree() {
        agree((kernels, x) -> kernels.geluTanh(x.get(0).scaled(3)), random(1, 4, 9));
        agree((kernels, x) -> kernels.silu(x.get(0).scaled(3)), random(1, 4, 9));
    }

    @Test
    void tokenLogProbsAgreeWithAnyChunkAndWithThePlainFormula() {
        Tensor targetsN = Tensors.of(new long[] {3, 0, 10, 3, 7});
        Function<Integer, BiFunction<Kernels, List<Tensor>, Tensor>> chunked =
                chunk -> (kernels, x) -> kernels.tokenLogProbs(x.get(0), VocabularyHead.of(x.get(1)), targetsN, chunk);
        Tensor hiddenND = random(1, 5, 6);
        Tensor unembeddingVD = random(2, 11, 6);
        for (int chunk : new int[] {1, 2, 5, 100}) {
            agree(chunked.apply(chunk), hiddenND, unembeddingVD);
            List<float[]> plain = valueAndGradients(
                    Kernels.reference(),
                    (kernels, x) -> x.get(0).linear(x.get(1)).logSoftmax(-1).gatherLast(targetsN),
                    hiddenND,
                    unembeddingVD);
            assertClose(valueAndGradients(Kernels.best(), chunked.apply(chunk), hiddenND, unembeddingVD), plain);
        }
    }

    @Test
    void tokenDivergenceAgreesWithThePlainFormula() {
        Tensor referenceND = random(5, 5, 6);
        Tensor referenceVD = random(6, 11, 6);
        BiFunction<Kernels, List<Tensor>, Tensor> plain = (kernels, x) -> {
            Tensor logProbs = x.get(0).linear(x.get(1)).logSoftmax(-1);
            Tensor reference = referenceND.linear(referenceVD).logSoftmax(-1);
            return reference.exp().times(reference.minus(logProbs)).sum(-1);
        };
        Tensor hiddenND = random(1, 5, 6);
        Tensor unembeddingVD = random(2, 11, 6);
        for (int chunk : new int[] {2, 5}) {
            assertClose(
                    valueAndGradients(
                            Kernels.best(),
                            (kernels, x) -> kernels.tokenDivergence(
                                    x.get(0),
                                    VocabularyHead.of(x.get(1)),
                                    referenceND,
                                    VocabularyHead.of(referenceVD),
                                    chunk),
                            hiddenND,
                            unembeddingVD),
                    valueAndGradients(Kernels.reference(), plain, hiddenND, unembeddingVD));
        }
    }

    /** Policy and reference with caps of their own, or none. */
    @Test
    void cappedHeadsAgree() {
        Tensor targetsN = Tensors.of(new long[] {3, 0, 10, 3, 7});
        Tensor referenceND = random(5, 5, 6);
        VocabularyHead reference = new VocabularyHead(random(6, 11, 6), 1.1);
        for (int chunk : new int[] {2, 5}) {
            for (double softcap : new double[] {0, 0.6}) {
                BiFunction<Kernels, List<Tensor>, Tensor> divergence = (kernels, x) -> kernels.tokenDivergence(
                        x.get(0), new VocabularyHead(x.get(1), softcap), referenceND, reference, chunk);
                agree(divergence, random(1, 5, 6), random(2, 11, 6));
                BiFunction<Kernels, List<Tensor>, Tensor> logProbs = (kernels, x) ->
                        kernels.tokenLogProbs(x.get(0), new VocabularyHead(x.get(1), softcap), targetsN, chunk);
                agree(logProbs, random(1, 5, 6), random(2, 11, 6));
            }
        }
    }

    /** With a query that sees nothing, with weights to add, and without a mask; two query heads share a key. */
    @Test
    void cappedAttentionAgrees() {
        Tensor blind = Tensors.of(new boolean[] {false, false, false, true, true, false}, 2, 3);
        for (Tensor mask : Arrays.asList(blind, random(4, 2, 3), null)) {
            BiFunction<Kernels, List<Tensor>, Tensor> attended =
                    (kernels, x) -> kernels.cappedAttention(x.get(0), x.get(1), x.get(2), mask, 0.8, 0.7);
            agree(attended, random(1, 2, 4, 2, 5), random(2, 2, 2, 3, 5), random(3, 2, 2, 3, 5));
        }
    }

    @Test
    void cappedAttentionIsAttentionWhereTheCapIsFarAndBoundsScoresWhereItIsNear() {
        Tensor q = random(1, 1, 2, 5, 4);
        Tensor k = random(2, 1, 1, 5, 4);
        Tensor v = random(3, 1, 1, 5, 4);
        Tensor mask = Masks.window(5, 3);
        for (Kernels kernels : List.of(Kernels.best(), Kernels.reference())) {
            assertClose(kernels.cappedAttention(q, k, v, mask, 0.5, 1e4), kernels.attention(q, k, v, mask, 0.5));
            Tensor even = kernels.attention(q.scaled(0), k, v, mask, 0.5);
            assertClose(kernels.cappedAttention(q.scaled(1e6), k, v, mask, 0.5, 1e-6), even);
            Tensor scores = q.matMul(k.transpose(2, 3)).scaled(0.5 / 3).tanh().scaled(3);
            Tensor patterns = scores.maskedFill(mask.not(), -1e30).softmax(-1);
            assertClose(kernels.cappedAttention(q, k, v, mask, 0.5, 3), patterns.matMul(v));
        }
    }

    @Test
    void tokenScoresMatchTheWholeDistribution() {
        Tensor hiddenND = random(1, 5, 6).requireGradient();
        Tensor unembeddingVD = random(2, 11, 6);
        Tensor targetsN = Tensors.of(new long[] {3, 0, 10, 3, 7});
        Tensor logits = hiddenND.linear(unembeddingVD);
        Tensor logProbs = logits.logSoftmax(-1);
        for (Kernels kernels : List.of(Kernels.best(), Kernels.reference())) {
            try (Autograd.Mode _ = Autograd.recording()) {
                TokenScores scores = kernels.tokenScores(hiddenND, VocabularyHead.of(unembeddingVD), targetsN, 2);
                assertThat(scores.logProbsN().requiresGradient()).isTrue();
                assertThat(scores.entropyN().requiresGradient()).isFalse();
                assertClose(scores.logProbsN(), logProbs.gatherLast(targetsN));
                assertClose(
                        scores.entropyN(),
                        logProbs.exp().times(logProbs).sum(-1).negated());
                assertClose(scores.meanLogitN(), logits.mean(-1));
                assertThat(scores.bestN().toLongs()).isEqualTo(logits.argMax(-1).toLongs());
            }
        }
    }

    @Test
    void fusedUpdateNormAndScalingAgree() {
        List<List<Tensor>> results = new ArrayList<>();
        for (Kernels kernels : List.of(Kernels.best(), Kernels.reference())) {
            List<Tensor> parameters = List.of(random(1, 3, 4), random(2, 5));
            List<Tensor> gradients = List.of(random(3, 3, 4), random(4, 5));
            List<Tensor> means = List.of(random(5, 3, 4), random(6, 5));
            List<Tensor> squares =
                    List.of(random(7, 3, 4).square(), random(8, 5).square());
            AdamWTensors tensors = new AdamWTensors(parameters, gradients, means, squares);
            kernels.adamW(tensors, new AdamWSettings(0.8, 0.95, 1e-6, 0.1), 0.05, 3);
            Tensor norm = Tensors.scalar((float) kernels.globalNorm(gradients));
            kernels.scaleInPlace(gradients, 0.25);
            List<Tensor> result = new ArrayList<>(parameters);
            result.addAll(means);
            result.addAll(squares);
            result.addAll(gradients);
            result.add(norm);
            results.add(result);
        }
        for (int i = 0; i < results.get(0).size(); i++) {
            assertClose(results.get(0).get(i), results.get(1).get(i));
        }
    }

    private static void agree(BiFunction<Kernels, List<Tensor>, Tensor> function, Tensor... inputs) {
        assertClose(
                valueAndGradients(Kernels.best(), function, inputs),
                valueAndGradients(Kernels.reference(), function, inputs));
    }

    private static List<float[]> valueAndGradients(
            Kernels kernels, BiFunction<Kernels, List<Tensor>, Tensor> function, Tensor... inputs) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            List<Tensor> leaves = new ArrayList<>();
            for (Tensor input : inputs) {
                leaves.add(input.copy().requireGradient());
            }
            Tensor y = function.apply(kernels, leaves);
            Autograd.backward(y, random(99, y.shape()));
            List<float[]> out = new ArrayList<>();
            out.add(y.toFloats());
            for (Tensor leaf : leaves) {
                out.add(leaf.gradient().toFloats());
            }
            return out;
        }
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.toFloats()).containsExactly(expected.toFloats(), within(PARITY));
    }

    private static void assertClose(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).as("output %s", i).containsExactly(expected.get(i), within(PARITY));
        }
    }

    private static Tensor random(long seed, long... shape) {
        return Numbers.floats(seed, shape);
    }
}
