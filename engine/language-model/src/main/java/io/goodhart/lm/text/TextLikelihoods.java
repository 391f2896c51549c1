package io.goodhart.lm.text;

import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.CompletionBatch;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Likelihoods of many texts under a model, in batches of like length. */
public final class TextLikelihoods {
    private static final int BATCH_TOKENS = 4096;

    private final DecoderModel model;

    /** Under this model, with its adapter if one is set. */
    public TextLikelihoods(DecoderModel model) {
        this.model = model;
    }

    /**
     * Of whole sequences: every token but the first is predicted, none of an empty sequence.
     *
     * @param sequences ids, for perplexity with the markers of beginning and end
     * @param cancelled asked before each batch
     * @return one per sequence, in order
     */
    public List<Likelihood> ofSequences(List<int[]> sequences, BooleanSupplier cancelled) {
        List<int[]> firsts = sequences.stream()
                .map(ids -> Arrays.copyOf(ids, Math.min(1, ids.length)))
                .toList();
        List<int[]> others = sequences.stream()
                .map(ids -> Arrays.copyOfRange(ids, Math.min(1, ids.length), ids.length))
                .toList();
        return ofCompletions(firsts, others, cancelled);
    }

    /**
     * Of completions given their prompts: every token of a completion is predicted.
     *
     * @param prompts ids, each at least one unless its completion is empty, too
     */
    public List<Likelihood> ofCompletions(List<int[]> prompts, List<int[]> completions, BooleanSupplier cancelled) {
        Likelihood[] result = new Likelihood[prompts.size()];
        Arrays.fill(result, new Likelihood(0, 0));
        List<List<Integer>> batches =
                LengthBatches.of(prompts.size(), i -> prompts.get(i).length + completions.get(i).length, BATCH_TOKENS);
        for (List<Integer> withEmpty : batches) {
            List<Integer> batch = withEmpty.stream()
                    .filter(i -> prompts.get(i).length + completions.get(i).length > 0)
                    .toList();
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("The likelihoods were cancelled");
            }
            if (batch.isEmpty()) {
                continue;
            }
            CompletionBatch tokens = CompletionBatch.of(
                    batch.stream().map(prompts::get).toList(),
                    batch.stream().map(completions::get).toList());
            double[] sums = new double[batch.size()];
            if (tokens.completionTokens() > 0) {
                try (Scope scope = Scope.open();
                        Autograd.Mode paused = Autograd.paused()) {
                    float[] logProbs = tokens.logProbsN(model, Hooks.none()).toFloats();
                    for (int n = 0; n < logProbs.length; n++) {
                        sums[tokens.row(n)] -= logProbs[n];
                    }
                }
            }
            for (int row = 0; row < sums.length; row++) {
                result[batch.get(row)] = new Likelihood(sums[row], tokens.completionTokens(row));
            }
        }
        return List.of(result);
    }
}
