package io.goodhart.lm.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Device;
import io.goodhart.tensor.Precision;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decoder whose blocks compute in bfloat16, beside the same one in float32; on a CPU, where both can run. */
class PrecisionTest {
    /** Of the spread of the logits: the floor of bfloat16 is near 1e-2, and these models have few layers. */
    private static final double LARGEST = 0.1;

    private static final double MEAN = 0.02;

    private static final List<int[]> ROWS =
            List.of(new int[] {5, 9, 2, 7, 11, 3, 8, 6, 4, 10, 12}, new int[] {7, 3, 3, 9}, new int[] {2});

    @AfterEach
    void computeInFloat32() {
        ComputeThread.prepare(1);
    }

    static Stream<Path> models() {
        return Stream.of("gpt2", "gemma3", "small/llama-rope3", "small/gemma2", "small/gpt_neox")
                .map(name -> Fixtures.find("lm/" + name).orElseThrow());
    }

    private record Reading(float[] logits, Map<String, float[]> gradients) {}

    @ParameterizedTest
    @MethodSource("models")
    void logitsAndGradientsAreThoseOfFloat32UpToRounding(Path folder) throws IOException {
        Reading full = read(folder, Precision.FLOAT32);
        Reading rounded = read(folder, Precision.BFLOAT16);
        double spread = deviation(full.logits());
        assertThat(largest(full.logits(), rounded.logits()) / spread).isBetween(1e-4, LARGEST);
        assertThat(mean(full.logits(), rounded.logits()) / spread).isLessThan(MEAN);
        full.gradients()
                .forEach((name, gradient) -> assertThat(cosine(
                                gradient,
                                Objects.requireNonNull(rounded.gradients().get(name))))
                        .as(name)
                        .isGreaterThan(0.995));
    }

    private static Reading read(Path folder, Precision precision) throws IOException {
        ComputeThread.prepare(1, Device.cpu(), precision);
        try (DecoderModel model = DecoderModel.load(folder);
                Scope _ = Scope.open()) {
            Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
            parameters.values().forEach(Tensor::requireGradient);
            CompletionBatch batch =
                    CompletionBatch.of(ROWS, List.of(new int[] {4, 2}, new int[] {9, 8, 8, 1}, new int[] {6, 5, 3}));
            try (Autograd.Mode _ = Autograd.recording()) {
                Autograd.backward(batch.logProbsN(model, Hooks.none()).mean());
            }
            Map<String, float[]> gradients = new LinkedHashMap<>();
            parameters.forEach((name, parameter) -> {
                assertThat(parameter.type()).isEqualTo(DataType.FLOAT32);
                gradients.put(name, Objects.requireNonNull(parameter.gradient()).toFloats());
            });
            Tensor hiddenBTD = model.forward(TokenBatch.leftPadded(new ArrayList<>(ROWS)), Hooks.none())
                    .hiddenBTD();
            Tensor lastBD = hiddenBTD.slice(1, hiddenBTD.size(1) - 1).squeeze(1);
            return new Reading(model.logits(lastBD).detached().toFloats(), gradients);
        }
    }

    private static double largest(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    private static double mean(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }

    private static double deviation(float[] a) {
        double sum = 0;
        double squares = 0;
        for (float value : a) {
            sum += value;
            squares += (double) value * value;
        }
        return Math.sqrt(squares / a.length - sum / a.length * sum / a.length);
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            ofA += (double) a[i] * a[i];
            ofB += (double) b[i] * b[i];
        }
        return ofA == 0 && ofB == 0 ? 1 : product / Math.sqrt(ofA * ofB);
    }
}
