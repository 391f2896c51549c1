package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.Activations;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.Golden;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.TokenActivations;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Against PyTorch in float64 and scikit-learn; {@code fixtures/probing/make_networks.py} makes the values. */
class NetworkGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("networks.json");
    private static final Offset<Double> FLOAT64 = within(1e-9);

    @BeforeAll
    static void prepare() {
        ComputeThread.prepare(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attention", "maximum", "mlp"})
    void lossGradientAndLogitsAreThoseOfPyTorch(String name) {
        ProbeNetwork network = switch (name) {
            case "attention" -> new ProbeNetwork.Attention(2);
            case "maximum" -> new ProbeNetwork.Maximum();
            default -> new ProbeNetwork.Mlp(3);
        };
        TokenActivations texts = name.equals("mlp") ? firstTokens() : texts();
        Standardiser standardiser = Standardiser.of(texts().rows());
        JsonNode expected = GOLDEN.get(name);
        double[] parameters = doubles(expected.get("parameters"));
        double c = GOLDEN.get("c").doubleValue();
        LogisticObjective.Penalty penalty = new LogisticObjective.Penalty(
                c * GOLDEN.get("positive").doubleValue(),
                c * GOLDEN.get("negative").doubleValue());
        try (Scope scope = Scope.open()) {
            TextBatch batch = TextBatch.of(texts, standardiser);
            NetworkObjective objective = new NetworkObjective(network, batch, labels(), penalty);
            double[] gradient = new double[parameters.length];
            assertThat(objective.evaluate(parameters, gradient))
                    .isCloseTo(expected.get("loss").doubleValue(), FLOAT64);
            assertThat(gradient).containsExactly(doubles(expected.get("gradient")), FLOAT64);
        }
        double[] logits = doubles(expected.get("logits"));
        Aggregation own = name.equals("attention") ? Aggregation.ATTENTION : Aggregation.MAX;
        double smoothing = name.equals("maximum") ? Math.log(4) / ProbeNetwork.Maximum.SHARPNESS : 0;
        double[] scored = network.probe(standardiser, parameters).logits(texts, own);
        for (int i = 0; i < logits.length; i++) {
            assertThat(logits[i] - scored[i]).isBetween(-1e-9, smoothing + 1e-9);
        }
    }

    @Test
    void plattsSigmoidIsThatOfScikitLearn() {
        JsonNode expected = GOLDEN.get("platt");
        double[] flags = doubles(expected.get("labels"));
        boolean[] labels = new boolean[flags.length];
        IntStream.range(0, labels.length).forEach(i -> labels[i] = flags[i] == 1);
        Calibration found =
                PlattScaling.of(labels, doubles(expected.get("scores"))).orElseThrow();
        assertThat(found.slope())
                .isCloseTo(expected.get("slope").doubleValue(), within(1e-4)); // its search stops early
        assertThat(found.intercept()).isCloseTo(expected.get("intercept").doubleValue(), within(1e-4));
    }

    private static TokenActivations texts() {
        float[][] rows = Stream.of(GOLDEN.get("x").values().toArray(JsonNode[]::new))
                .map(row -> floats(doubles(row)))
                .toArray(float[][]::new);
        double[] lengths = doubles(GOLDEN.get("lengths"));
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + (int) lengths[i];
        }
        return TokenActivations.of(Activations.ofRows(rows), offsets);
    }

    private static TokenActivations firstTokens() {
        TokenActivations all = texts();
        int[] first = IntStream.range(0, all.n()).map(all::from).toArray();
        return TokenActivations.pooled(all.rows().rows(first));
    }

    private static boolean[] labels() {
        boolean[] labels = new boolean[GOLDEN.get("labels").size()];
        IntStream.range(0, labels.length)
                .forEach(i -> labels[i] = GOLDEN.get("labels").get(i).booleanValue());
        return labels;
    }

    private static double[] doubles(JsonNode numbers) {
        return IntStream.range(0, numbers.size())
                .mapToDouble(i -> numbers.get(i).doubleValue())
                .toArray();
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) numbers[i]);
        return floats;
    }
}
