package io.goodhart.tuning.pairs;

import java.util.Optional;

/**
 * Picks the preferred and the dispreferred of k scored responses to one prompt (Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3: the lowest and the highest score of five).
 *
 * <p>Scores that are not a number are left out; fewer than two left give no pair. The first index wins a tie. No pair if
 * all scores are equal or if they differ by less than the margin; a difference equal to the margin is kept. −0 equals 0,
 * and infinities are ordinary scores.
 *
 * @param preferred which end of the scores is chosen
 * @param margin least difference of scores, in the scores' own unit, at least 0
 */
public record PairRule(Preferred preferred, double margin) {
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

    /** The paper's rule: lowest score chosen, no margin. */
    public static PairRule lowestChosen() {
        return new PairRule(Preferred.LOWEST, 0);
    }

    /** The pair of one prompt's responses, or none. */
    public Optional<Choice> choose(double... scores) {
        int lowest = -1;
        int highest = -1;
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                continue;
            }
            lowest = lowest < 0 || scores[i] < scores[lowest] ? i : lowest;
            highest = highest < 0 || scores[i] > scores[highest] ? i : highest;
        }
        if (lowest < 0 || scores[highest] == scores[lowest]) {
            return Optional.empty();
        }
        double gap = scores[highest] - scores[lowest];
        if (gap < margin) {
            return Optional.empty();
        }
        return Optional.of(
                switch (preferred) {
                    case LOWEST -> new Choice(lowest, highest, gap);
                    case HIGHEST -> new Choice(highest, lowest, gap);
                });
    }
}
