package io.goodhart.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.Expected;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Numbers of whole models against transformers. */
class DecoderGoldenTest {
    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    static Stream<Path> models() {
        return Stream.of(
                        "gemma2",
                        "gemma3",
                        "gpt2",
                        "gpt2-bf16",
                        "gpt2-fp16",
                        "gpt2-openai-keys",
                        "gpt_neox",
                        "gpt_neox-sequential",
                        "llama",
                        "llama-rope3",
                        "llama-sharded",
                        "mistral",
                        "qwen2",
                        "qwen3")
                .map(name -> Fixtures.find("lm/" + name))
                .flatMap(Optional::stream);
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsOfRaggedBatchesAreThoseOfTheReference(Path folder) throws IOException {
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Scope scope = Scope.open()) {
            for (String side : List.of("right", "left")) {
                Tensor hidden =
                        model.forward(batch(expected, side), Hooks.none()).hiddenBTD();
                expected.assertClose(side + ".logits", model.logits(hidden), side);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void everySiteIsThatOfTheReference(Path folder) throws IOException {
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Scope scope = Scope.open()) {
            if (!expected.has("hidden.0")) {
                return;
            }
            List<HookPoint> points = new ArrayList<>(List.of(HookPoint.finalNorm()));
            for (int layer = 0; layer < model.config().layers(); layer++) {
                for (Site site : sites(expected)) {
                    points.add(new HookPoint(site, layer));
                }
                points.add(new HookPoint(Site.RESID_PRE, layer));
                points.add(new HookPoint(Site.RESID_POST, layer));
            }
            TokenBatch batch = batch(expected, "right");
            ForwardResult result = model.forward(batch, Hooks.capturing(points));
            for (int layer = 0; layer < model.config().layers(); layer++) {
                for (Site site : sites(expected)) {
                    HookPoint point = new HookPoint(site, layer);
                    expected.assertClose(point.toString(), result.at(point), "right");
                }
                expected.assertClose("hidden." + layer, result.at(new HookPoint(Site.RESID_PRE, layer)), "right");
                expected.assertClose(
                        "hidden." + (layer + 1), result.at(new HookPoint(Site.RESID_POST, layer)), "right");
            }
            expected.assertClose("hidden.final_norm", result.at(HookPoint.finalNorm()), "right");
            HookPoint early = new HookPoint(Site.RESID_POST, 1);
            Map<HookPoint, Tensor> some = model.capture(batch, Hooks.capturing(List.of(early)));
            assertThat(some.get(early).toFloats())
                    .containsExactly(result.at(early).toFloats());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossAndGradientsAreThoseOfTheReference(Path folder) throws IOException {
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder)) {
            List<String> wanted = expected.names("grad.").stream()
                    .map(name -> name.substring("grad.".length()))
                    .toList();
            wanted.forEach(name -> model.parameters().get(name).requireGradient());
            try (Scope scope = Scope.open();
                    Autograd.Mode recording = Autograd.recording()) {
                Tensor loss = nextTokenLoss(model, batch(expected, "right"));
                assertThat(loss.asFloat()).isCloseTo(expected.floats("ce_loss")[0], within(1e-5f));
                if (!wanted.isEmpty()) {
                    Autograd.backward(loss);
                }
            }
            try (Scope scope = Scope.open()) {
                for (String name : wanted) {
                    Tensor gradient = model.parameters().get(name).gradient();
                    expected.assertCloseToLargest("grad." + name, gradient.toFloats());
                }
            }
        }
    }

    private static List<Site> sites(Expected expected) {
        return Stream.of(Site.ATTN_OUT, Site.MLP_ACT, Site.MLP_OUT, Site.RESID_MID)
                .filter(site -> expected.has(site.wireName() + ".0"))
                .toList();
    }

    /** Mean over all tokens but the first of each row. */
    static Tensor nextTokenLoss(DecoderModel model, TokenBatch batch) {
        List<int[]> firsts = new ArrayList<>();
        List<int[]> others = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            int[] rest = new int[batch.length(row) - 1];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = batch.token(row, i + 1);
            }
            firsts.add(new int[] {batch.token(row, 0)});
            others.add(rest);
        }
        return CompletionBatch.of(firsts, others)
                .logProbsN(model, Hooks.none())
                .mean()
                .negated();
    }

    @ParameterizedTest
    @MethodSource("models")
    void completionLogProbabilitiesAreThoseOfTheReference(Path folder) throws IOException {
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Scope scope = Scope.open()) {
            List<int[]> prompts = new ArrayList<>();
            List<int[]> completions = new ArrayList<>();
            for (JsonNode completion : expected.json().path("completion_logprobs")) {
                prompts.add(Expected.ints(completion.path("prompt_ids")));
                completions.add(Expected.ints(completion.path("completion_ids")));
            }
            if (prompts.isEmpty()) {
                return;
            }
            CompletionBatch batch = CompletionBatch.of(prompts, completions);
            Tensor logProbs = batch.logProbsN(model, Hooks.none());
            float[] actual = logProbs.toFloats();
            int n = 0;
            for (int row = 0; row < batch.rows(); row++) {
                for (float value : expected.floats("completion_logprobs." + row)) {
                    assertThat(actual[n++]).isCloseTo(value, within(1e-4f));
                }
            }
            float[] sums = batch.sumsB(logProbs).toFloats();
            for (int row = 0; row < sums.length; row++) {
                double sum = expected.json()
                        .path("completion_logprobs")
                        .path(row)
                        .path("sum")
                        .asDouble();
                assertThat((double) sums[row]).isCloseTo(sum, within(5e-4));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void interventionsChangeWhatTheyChangeInTheReference(Path folder) throws IOException {
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Scope scope = Scope.open()) {
            JsonNode json = expected.json().path("interventions");
            if (json.isMissingNode()) {
                return;
            }
            int layer = json.path("layer").asInt();
            int width = json.path("mlp_width").asInt();
            HookPoint neurons = new HookPoint(Site.MLP_ACT, layer);
            TokenBatch batch = batch(expected, "right");

            boolean[] silenced = new boolean[width];
            for (int neuron : Expected.ints(json.path("zero_neurons").path("neurons"))) {
                silenced[neuron] = true;
            }
            Tensor mask = Tensors.of(silenced, 1, 1, width);
            check(expected, model, "zero_neurons", Hooks.none().edit(neurons, x -> x.maskedFill(mask, 0)));

            Tensor clamp = clampMask(expected, batch, width);
            Tensor values = clampValues(expected, width);
            check(
                    expected,
                    model,
                    "clamp_last",
                    Hooks.none().edit(neurons, x -> values.expand(x.shape()).where(clamp, x)));

            Tensor vector = Tensors.of(expected.floats("intervention.vector"));
            check(
                    expected,
                    model,
                    "add_to_residual",
                    Hooks.none().edit(new HookPoint(Site.RESID_POST, layer), x -> x.plus(vector)));
        }
    }

    private static Tensor clampMask(Expected expected, TokenBatch batch, int width) {
        JsonNode json = expected.json().path("interventions").path("clamp_last");
        int[] positions = Expected.ints(json.path("positions"));
        boolean[] mask = new boolean[batch.rows() * batch.length() * width];
        for (int row = 0; row < positions.length; row++) {
            for (int neuron : Expected.ints(json.path("neurons"))) {
                mask[(row * batch.length() + positions[row]) * width + neuron] = true;
            }
        }
        return Tensors.of(mask, batch.rows(), batch.length(), width);
    }

    private static Tensor clampValues(Expected expected, int width) {
        int[] neurons = Expected.ints(
                expected.json().path("interventions").path("clamp_last").path("neurons"));
        float[] values = new float[width];
        for (int i = 0; i < neurons.length; i++) {
            values[neurons[i]] = expected.floats("intervention.clamp_values")[i];
        }
        return Tensors.of(values, 1, 1, width);
    }

    private static void check(Expected expected, DecoderModel model, String name, Hooks hooks) {
        Tensor hidden = model.forward(batch(expected, "right"), hooks).hiddenBTD();
        expected.assertClose("intervention." + name + ".logits", model.logits(hidden), "right");
    }

    static TokenBatch batch(Expected expected, String side) {
        List<int[]> rows = expected.rows(side);
        return side.equals("left") ? TokenBatch.leftPadded(rows) : TokenBatch.rightPadded(rows);
    }
}
