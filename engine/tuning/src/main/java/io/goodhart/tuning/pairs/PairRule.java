package io.goodhart.tuning.pairs;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.PairSpec.Ties;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Picks the preferred and the dispreferred of k scored responses to one prompt (Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3: the lowest and the highest score of five).
 *
 * <p>Scores that are not a number are left out; fewer than two left give no pair. No pair if the extremes differ by less than
 * the margin; a difference equal to the margin is kept. −0 equals 0, and infinities are ordinary scores.
 *
 * @param preferred which end of the scores is chosen
 * @param margin least difference of scores, in the scores' own unit, at least 0
 * @param ties which of several responses at an end is taken, and whether there is a pair if all scores are equal
 */
public record PairRule(Preferred preferred, double margin, Ties ties) {
    /** Which end of the scores is chosen; the other one is rejected. */
    public enum Preferred {
        LOWEST,
        HIGHEST
    }

    /**
     * The two responses of a pair, as indices from 0.
     *
     * @param gap highest minus lowest score, never negative
     */
    public record Choice(int chosen, int rejected, double gap) {}

    public PairRule {
        if (!(margin >= 0)) {
            throw new IllegalArgumentException("Need margin >= 0, got " + margin);
        }
    }

    /**
     * The pair of one prompt's responses, or none.
     *
     * @param random only asked with {@link Ties#RANDOM}
     */
    public Optional<Choice> choose(SplitMix random, double... scores) {
        List<Integer> usable = IntStream.range(0, scores.length)
                .filter(i -> !Double.isNaN(scores[i]))
                .boxed()
                .toList();
        if (usable.size() < 2) {
            return Optional.empty();
        }
        DoubleSummaryStatistics range =
                usable.stream().mapToDouble(i -> scores[i]).summaryStatistics();
        boolean equal = range.getMin() == range.getMax();
        double gap = equal ? 0 : range.getMax() - range.getMin();
        if ((equal && ties == Ties.DROP) || gap < margin) {
            return Optional.empty();
        }
        double wanted = preferred == Preferred.LOWEST ? range.getMin() : range.getMax();
        double unwanted = preferred == Preferred.LOWEST ? range.getMax() : range.getMin();
        int chosen = pick(random, usable, i -> scores[i] == wanted);
        int rejected = pick(random, usable, i -> scores[i] == unwanted && i != chosen);
        return Optional.of(new Choice(chosen, rejected, gap));
    }

    private int pick(SplitMix random, List<Integer> usable, IntPredicate at) {
        List<Integer> tied = usable.stream().filter(at::test).toList();
        return tied.get(ties == Ties.RANDOM ? random.below(tied.size()) : 0);
    }
}
