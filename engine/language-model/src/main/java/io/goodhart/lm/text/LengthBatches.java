package io.goodhart.lm.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Batches of like length, so that little is computed on padding. */
final class LengthBatches {
    private LengthBatches() {}

    /**
     * Batches of sequences.
     *
     * @param lengthOf number of tokens of sequence i
     * @param maxTokens tokens of a batch, padding included; a longer sequence is a batch of its own
     * @return indices, each once, longest last
     */
    static List<List<Integer>> of(int count, IntUnaryOperator lengthOf, int maxTokens) {
        List<Integer> order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingInt(lengthOf::applyAsInt))
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        int from = 0;
        while (from < count) {
            int to = from + 1;
            while (to < count && (long) (to + 1 - from) * lengthOf.applyAsInt(order.get(to)) <= maxTokens) {
                to++;
            }
            batches.add(order.subList(from, to));
            from = to;
        }
        return batches;
    }
}
