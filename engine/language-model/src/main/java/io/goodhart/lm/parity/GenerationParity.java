package io.goodhart.lm.parity;

import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.generate.Generation;
import io.goodhart.lm.generate.GenerationSettings;
import io.goodhart.lm.generate.Generator;
import io.goodhart.lm.generate.Prompt;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Greedy generation from the left-padded batch: tokens, the logits of each step, and where a token ends it. */
final class GenerationParity {
    private static final String TOKENS = "generate.tokens";
    private static final String STOPPED = "generate.stopped_tokens";
    private static final String LOGITS = "generate.step_logits";

    private final DecoderModel model;
    private final ReferenceValues reference;
    private final Differences differences;

    GenerationParity(DecoderModel model, ReferenceValues reference, Differences differences) {
        this.model = model;
        this.reference = reference;
        this.differences = differences;
    }

    void run() {
        if (!reference.has(TOKENS)) {
            return;
        }
        List<int[]> prompts = DecoderParity.tokens(reference, model, "left");
        int[][] expected = reference.intRows(TOKENS);
        differences.tokens(TOKENS, unequal(expected, generate(prompts, expected[0].length, List.of())));
        if (reference.has(LOGITS)) {
            stepLogits(TokenBatch.leftPadded(prompts), expected);
        }
        int stop = reference.json().path("generate").path("stop_id").asInt(-1);
        if (stop >= 0 && reference.has(STOPPED)) {
            int[][] stopped = reference.intRows(STOPPED);
            differences.tokens(STOPPED, unequal(stopped, generate(prompts, stopped[0].length, List.of(stop))));
        }
    }

    private List<Generation> generate(List<int[]> prompts, int tokens, List<Integer> ends) {
        try (Generator generator = new Generator(model)) {
            return generator.generate(Prompt.numbered(prompts), GenerationSettings.greedy(tokens, ends));
        }
    }

    /** Number of tokens that differ, and of places where one goes on and the other has ended. */
    private static int unequal(int[][] expected, List<Generation> actual) {
        int unequal = 0;
        for (int row = 0; row < expected.length; row++) {
            int[] drawn = actual.get(row).drawnTokens();
            for (int i = 0; i < drawn.length; i++) {
                unequal += drawn[i] == expected[row][i] ? 0 : 1;
            }
            boolean ended = actual.get(row).stopId().isPresent();
            unequal += ended || drawn.length == expected[row].length ? 0 : 1;
        }
        return unequal;
    }

    /** Feeds the expected tokens, so that one wrong token does not make every later step wrong. */
    private void stepLogits(TokenBatch batch, int[][] tokens) {
        float[] expected = reference.floats(LOGITS);
        int vocabulary = model.config().vocabulary();
        int steps = tokens[0].length;
        float[] actual = new float[steps * vocabulary];
        int[] starts = IntStream.range(0, batch.rows()).map(batch::start).toArray();
        try (Scope scope = Scope.open();
                KeyValueCache cache = new KeyValueCache(starts, batch.length() + steps)) {
            Tensor hidden = model.prefill(batch, cache, Hooks.none());
            for (int step = 0; step < steps; step++) {
                float[] logits = model.logits(hidden).select(0, 0).toFloats();
                System.arraycopy(logits, 0, actual, step * vocabulary, vocabulary);
                if (step + 1 < steps) {
                    int at = step;
                    int[] next = IntStream.range(0, batch.rows())
                            .map(row -> tokens[row][at])
                            .toArray();
                    hidden = model.step(next, cache, Hooks.none());
                }
            }
        }
        differences.everywhere(LOGITS, actual, expected);
    }
}
