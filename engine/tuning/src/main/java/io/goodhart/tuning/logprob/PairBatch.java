package io.goodhart.tuning.logprob;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.data.PreferencePair;
import java.util.ArrayList;
import java.util.List;

/**
 * B pairs as 2B sequences, the chosen ones first, which go through the model together, each prompt only once.
 *
 * @param tokens prompt and completion of each
 * @param predicted tokens whose prediction is read: of the completions, or of everything
 * @param firstCompletion index of the first completion token of each sequence
 */
public record PairBatch(TokenBatch tokens, PredictedTokens predicted, List<Integer> firstCompletion) {
    public static final int CHOSEN = 0;
    public static final int REJECTED = 1;

    public PairBatch {
        firstCompletion = List.copyOf(firstCompletion);
    }

    /** Reads the predictions of completion tokens only. */
    public static PairBatch ofCompletions(List<PreferencePair> pairs) {
        return of(pairs, false);
    }

    /** Reads the predictions of all tokens that have one. */
    public static PairBatch ofSequences(List<PreferencePair> pairs) {
        return of(pairs, true);
    }

    private static PairBatch of(List<PreferencePair> pairs, boolean withPrompts) {
        List<Integer> first = new ArrayList<>();
        pairs.forEach(pair -> first.add(pair.prompt().length()));
        pairs.forEach(pair -> first.add(pair.prompt().length()));
        TokenBatch tokens = TokenBatch.forked(
                pairs.stream().map(pair -> pair.prompt().toArray()).toList(),
                pairs.stream().map(pair -> pair.chosen().toArray()).toList(),
                pairs.stream().map(pair -> pair.rejected().toArray()).toList());
        int[] from = first.stream().mapToInt(start -> withPrompts ? 1 : start).toArray();
        return new PairBatch(tokens, PredictedTokens.from(tokens, from), first);
    }

    /** Sums of reference scores in the order of the rows. */
    public static double[] sums(List<PairScore> scores) {
        double[] sums = new double[2 * scores.size()];
        for (int b = 0; b < scores.size(); b++) {
            sums[b] = scores.get(b).chosen();
            sums[scores.size() + b] = scores.get(b).rejected();
        }
        return sums;
    }

    /** B. */
    public int pairs() {
        return tokens.rows() / 2;
    }

    /** Whether a row is {@link #CHOSEN} or {@link #REJECTED}. */
    public int side(int row) {
        return row < pairs() ? CHOSEN : REJECTED;
    }

    /** Whether predicted token n belongs to a completion. */
    public boolean inCompletion(int n) {
        return predicted.time(n) >= firstCompletion.get(predicted.row(n));
    }

    /** Number of completion tokens of each row [2B]. */
    public double[] completionLengths() {
        double[] lengths = new double[tokens.rows()];
        for (int row = 0; row < lengths.length; row++) {
            lengths[row] = tokens.length(row) - firstCompletion.get(row);
        }
        return lengths;
    }

    /** Sums [2B] of values of predicted tokens over each row's completion. */
    public double[] completionSums(double[] values) {
        double[] sums = new double[tokens.rows()];
        for (int n = 0; n < values.length; n++) {
            if (inCompletion(n)) {
                sums[predicted.row(n)] += values[n];
            }
        }
        return sums;
    }

    /** Gives each completion token the value of its row times a factor, prompt tokens 0. */
    public double[] spread(double[] ofRows, double factor) {
        double[] values = new double[predicted.count()];
        for (int n = 0; n < values.length; n++) {
            values[n] = inCompletion(n) ? factor * ofRows[predicted.row(n)] : 0;
        }
        return values;
    }
}
