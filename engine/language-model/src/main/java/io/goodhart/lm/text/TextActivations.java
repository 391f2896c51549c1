package io.goodhart.lm.text;

import io.goodhart.domain.model.Pooling;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.CompletionBatch;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Activations of given responses to given prompts, read in one forward pass each (teacher-forced). Prompt and padding are read
 * by the model but never pooled; leave the end marker out of a response to leave it out of the mean.
 */
public final class TextActivations {
    private static final int BATCH_TOKENS = 4096;

    private final DecoderModel model;

    /** Of this model, with its adapter if one is set. */
    public TextActivations(DecoderModel model) {
        this.model = model;
    }

    /** Takes what was read of one text. */
    private interface Sink {
        void accept(int text, HookPoint point, float[] valuesTD, int width);
    }

    /**
     * One vector per text and point.
     *
     * @param prompts ids, each at least one
     * @param responses ids; those of an empty response are zeros
     * @param points where to read
     * @param cancelled asked before each batch
     * @return for each point a matrix [N,D], one row per text, in order
     */
    public Map<HookPoint, float[][]> pooled(
            List<int[]> prompts,
            List<int[]> responses,
            Collection<HookPoint> points,
            Pooling pooling,
            BooleanSupplier cancelled) {
        Map<HookPoint, float[][]> result = new HashMap<>();
        points.forEach(point -> result.put(point, new float[prompts.size()][]));
        read(prompts, responses, points, cancelled, (text, point, values, width) -> {
            float[][] rows = result.get(point);
            if (rows != null) {
                rows[text] = pool(values, width, pooling);
            }
        });
        return result;
    }

    /** All tokens of each response. */
    public List<Activations> perToken(
            List<int[]> prompts, List<int[]> responses, Collection<HookPoint> points, BooleanSupplier cancelled) {
        List<Map<HookPoint, float[]>> values = new ArrayList<>();
        prompts.forEach(prompt -> values.add(new HashMap<>()));
        read(
                prompts,
                responses,
                points,
                cancelled,
                (text, point, read, width) -> values.get(text).put(point, read));
        List<Activations> result = new ArrayList<>();
        for (int text = 0; text < values.size(); text++) {
            result.add(new Activations(responses.get(text).length, values.get(text)));
        }
        return result;
    }

    private void read(
            List<int[]> prompts,
            List<int[]> responses,
            Collection<HookPoint> points,
            BooleanSupplier cancelled,
            Sink sink) {
        List<List<Integer>> batches =
                LengthBatches.of(prompts.size(), i -> prompts.get(i).length + responses.get(i).length, BATCH_TOKENS);
        for (List<Integer> batch : batches) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("The reading of activations was cancelled");
            }
            CompletionBatch tokens = CompletionBatch.of(
                    batch.stream().map(prompts::get).toList(),
                    batch.stream().map(responses::get).toList());
            try (Scope scope = Scope.open();
                    Autograd.Mode paused = Autograd.paused()) {
                Map<HookPoint, Tensor> captured = model.capture(tokens.tokens(), Hooks.capturing(points));
                captured.forEach((point, activationsBTD) -> hand(batch, tokens, point, activationsBTD, sink));
            }
        }
    }

    private static void hand(
            List<Integer> batch, CompletionBatch tokens, HookPoint point, Tensor activationsBTD, Sink sink) {
        int width = (int) activationsBTD.size(2);
        float[] values = tokens.completionTokens() == 0
                ? new float[0]
                : tokens.completionsND(activationsBTD).toFloats();
        int from = 0;
        for (int row = 0; row < batch.size(); row++) {
            int to = from + tokens.completionTokens(row) * width;
            sink.accept(batch.get(row), point, Arrays.copyOfRange(values, from, to), width);
            from = to;
        }
    }

    private static float[] pool(float[] valuesTD, int width, Pooling pooling) {
        int tokens = valuesTD.length / width;
        float[] pooled = new float[width];
        if (tokens == 0) {
            return pooled;
        }
        for (int d = 0; d < width; d++) {
            double sum = 0;
            float largest = Float.NEGATIVE_INFINITY;
            for (int t = 0; t < tokens; t++) {
                sum += valuesTD[t * width + d];
                largest = Math.max(largest, valuesTD[t * width + d]);
            }
            pooled[d] = switch (pooling) {
                case MEAN -> (float) (sum / tokens);
                case LAST -> valuesTD[(tokens - 1) * width + d];
                case MAX -> largest;
                case PER_TOKEN -> throw new IllegalArgumentException("Tokens that are kept are not pooled");
            };
        }
        return pooled;
    }
}
