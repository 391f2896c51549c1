package io.goodhart.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.Expected;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TextGoldenTest {
    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    private static final Path FOLDER = Fixtures.path("lm/gemma3");

    @Test
    void nothingIsPredictedOfAnEmptySequence() throws IOException {
        try (DecoderModel model = DecoderModel.load(FOLDER)) {
            TextLikelihoods likelihoods = new TextLikelihoods(model);
            int[] text = {2, 5, 9, 4};
            Likelihood alone =
                    likelihoods.ofSequences(List.of(text), () -> false).getFirst();
            List<Likelihood> among =
                    likelihoods.ofSequences(List.of(new int[0], text, new int[0], new int[] {7}), () -> false);
            Likelihood nothing = new Likelihood(0, 0);
            assertThat(List.of(among.get(0), among.get(2), among.get(3))).containsOnly(nothing);
            assertThat(among.get(1).tokens()).isEqualTo(3);
            assertThat(among.get(1).nll()).isCloseTo(alone.nll(), within(1e-4));
            assertThat(likelihoods.ofSequences(List.of(new int[0]), () -> false))
                    .containsExactly(nothing);
            assertThatThrownBy(() -> likelihoods.ofCompletions(List.of(new int[0]), List.of(text), () -> false))
                    .hasMessageContaining("nothing predicts");
        }
    }

    @Test
    void likelihoodsAreThoseOfTheReferenceInAnyOrder() throws IOException {
        try (Expected expected = Expected.in(FOLDER);
                DecoderModel model = DecoderModel.load(FOLDER)) {
            List<int[]> prompts = new ArrayList<>();
            List<int[]> completions = new ArrayList<>();
            List<Double> sums = new ArrayList<>();
            for (JsonNode completion : expected.json().path("completion_logprobs")) {
                prompts.add(Expected.ints(completion.path("prompt_ids")));
                completions.add(Expected.ints(completion.path("completion_ids")));
                sums.add(completion.path("sum").asDouble());
            }
            TextLikelihoods likelihoods = new TextLikelihoods(model);
            List<Likelihood> actual = likelihoods.ofCompletions(prompts, completions, () -> false);
            for (int i = 0; i < sums.size(); i++) {
                assertThat(actual.get(i).nll()).isCloseTo(-sums.get(i), within(5e-4));
                assertThat(actual.get(i).tokens()).isEqualTo(completions.get(i).length);
            }
            List<int[]> rows = new ArrayList<>(expected.rows("right"));
            double ceLoss = expected.json().path("ce_loss").asDouble();
            double perplexity = Likelihood.perplexity(likelihoods.ofSequences(rows, () -> false));
            assertThat(Math.log(perplexity)).isCloseTo(ceLoss, within(1e-5));
            Collections.reverse(rows);
            assertThat(Likelihood.perplexity(likelihoods.ofSequences(rows, () -> false)))
                    .isCloseTo(perplexity, within(1e-3 * perplexity));
            assertThatThrownBy(() -> likelihoods.ofSequences(rows, () -> true))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void pooledActivationsAreMeansLastsAndMaximaOfTheResponseOnly() throws IOException {
        try (Expected expected = Expected.in(FOLDER);
                DecoderModel model = DecoderModel.load(FOLDER)) {
            List<int[]> rows = expected.rows("right");
            List<int[]> prompts =
                    rows.stream().map(ids -> Arrays.copyOf(ids, 3)).toList();
            List<int[]> responses = rows.stream()
                    .map(ids -> Arrays.copyOfRange(ids, 3, ids.length))
                    .toList();
            HookPoint point = new HookPoint(Site.RESID_POST, 2);
            TextActivations activations = new TextActivations(model);
            float[] hidden = expected.floats("hidden.3");
            int width = (int) expected.shape("hidden.3")[2];
            int length = (int) expected.shape("hidden.3")[1];
            Map<Pooling, float[][]> pooled = new EnumMap<>(Pooling.class);
            for (Pooling pooling : List.of(Pooling.MEAN, Pooling.LAST, Pooling.MAX)) {
                pooled.put(
                        pooling,
                        activations
                                .pooled(prompts, responses, List.of(point), pooling, () -> false)
                                .get(point));
            }
            List<Activations> perToken = activations.perToken(prompts, responses, List.of(point), () -> false);
            for (int row = 0; row < rows.size(); row++) {
                int tokens = responses.get(row).length;
                assertThat(perToken.get(row).tokens()).isEqualTo(tokens);
                for (int d = 0; d < width; d++) {
                    double sum = 0;
                    double largest = Double.NEGATIVE_INFINITY;
                    for (int t = 0; t < tokens; t++) {
                        float wanted = hidden[(row * length + 3 + t) * width + d];
                        sum += wanted;
                        largest = Math.max(largest, wanted);
                        assertThat(perToken.get(row).at(point, t)[d]).isCloseTo(wanted, within(2e-4f));
                    }
                    float last = hidden[(row * length + 2 + tokens) * width + d];
                    assertThat(pooled.get(Pooling.MEAN)[row][d]).isCloseTo((float) (sum / tokens), within(2e-4f));
                    assertThat(pooled.get(Pooling.LAST)[row][d]).isCloseTo(last, within(2e-4f));
                    assertThat(pooled.get(Pooling.MAX)[row][d]).isCloseTo((float) largest, within(2e-4f));
                }
            }
        }
    }
}
