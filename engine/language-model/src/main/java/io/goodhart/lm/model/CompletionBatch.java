package io.goodhart.lm.model;

import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prompts with their completions, packed, and which hidden states predict the completions' tokens. N counts
 * completion tokens, row by row.
 */
public final class CompletionBatch {
    private final TokenBatch tokens;
    private final int[] promptLengths;
    private final int[] predictors;
    private final int[] targets;
    private final int[] rows;

    private CompletionBatch(TokenBatch tokens, int[] promptLengths) {
        this.tokens = tokens;
        this.promptLengths = promptLengths;
        int count = tokens.tokens() - Arrays.stream(promptLengths).sum();
        this.predictors = new int[count];
        this.targets = new int[count];
        this.rows = new int[count];
        int n = 0;
        for (int row = 0; row < tokens.rows(); row++) {
            for (int place = promptLengths[row]; place < tokens.length(row); place++) {
                predictors[n] = tokens.flatIndex(row, place - 1);
                targets[n] = tokens.token(row, place);
                rows[n] = row;
                n++;
            }
        }
    }

    /**
     * Puts prompts and completions side by side.
     *
     * @param prompts ids, each at least one
     * @param completions ids, as many as prompts; may be empty
     */
    public static CompletionBatch of(List<int[]> prompts, List<int[]> completions) {
        if (prompts.size() != completions.size()) {
            throw new IllegalArgumentException(
                    "Need a completion for each prompt, got %d and %d".formatted(prompts.size(), completions.size()));
        }
        List<int[]> sequences = new ArrayList<>();
        int[] lengths = new int[prompts.size()];
        for (int row = 0; row < lengths.length; row++) {
            int[] prompt = prompts.get(row);
            int[] completion = completions.get(row);
            lengths[row] = prompt.length;
            if (prompt.length == 0) {
                throw new IllegalArgumentException(
                        "Prompt %d is empty: nothing predicts its first token".formatted(row));
            }
            int[] sequence = Arrays.copyOf(prompt, prompt.length + completion.length);
            System.arraycopy(completion, 0, sequence, prompt.length, completion.length);
            sequences.add(sequence);
        }
        return new CompletionBatch(TokenBatch.packed(sequences), lengths);
    }

    /** The whole sequences. */
    public TokenBatch tokens() {
        return tokens;
    }

    /** B. */
    public int rows() {
        return tokens.rows();
    }

    /** N, over all rows. */
    public int completionTokens() {
        return targets.length;
    }

    /** Number of completion tokens of a row. */
    public int completionTokens(int row) {
        return tokens.length(row) - promptLengths[row];
    }

    /** The row of completion token n. */
    public int row(int n) {
        return rows[n];
    }

    /** Id of each completion token: INT64 [N]. */
    public Tensor targetsN() {
        return Tensors.of(targets, targets.length);
    }

    /** The hidden states that predict the completion tokens, [B,T,D] to [N,D]. */
    public Tensor predictorsND(Tensor hiddenBTD) {
        Tensor flat = hiddenBTD.reshape(-1, hiddenBTD.size(2));
        return flat.indexSelect(0, Tensors.of(predictors, predictors.length));
    }

    /** The activations at the completion tokens themselves, [B,T,D] to [N,D]. */
    public Tensor completionsND(Tensor activationsBTD) {
        int[] places = new int[predictors.length];
        Arrays.setAll(places, n -> predictors[n] + 1);
        Tensor flat = activationsBTD.reshape(-1, activationsBTD.size(2));
        return flat.indexSelect(0, Tensors.of(places, places.length));
    }

    /** log p of each completion token given what is before it, in nats: [N]. */
    public Tensor logProbsN(DecoderModel model, Hooks hooks) {
        return model.tokenLogProbs(predictorsND(model.forward(tokens, hooks).hiddenBTD()), targetsN());
    }

    /** Sums a number per completion token over each row: [N] to [B]. */
    public Tensor sumsB(Tensor valuesN) {
        float[] belongs = new float[rows() * targets.length];
        for (int n = 0; n < targets.length; n++) {
            belongs[rows[n] * targets.length + n] = 1;
        }
        return Tensors.of(belongs, rows(), targets.length)
                .matMul(valuesN.unsqueeze(1))
                .squeeze(1);
    }

    /** Means of a vector per completion token over each row, [N,D] to [B,D]; zero for a row without completion. */
    public Tensor meansBD(Tensor valuesND) {
        float[] share = new float[rows() * targets.length];
        for (int n = 0; n < targets.length; n++) {
            share[rows[n] * targets.length + n] = 1f / completionTokens(rows[n]);
        }
        return Tensors.of(share, rows(), targets.length).matMul(valuesND);
    }
}
