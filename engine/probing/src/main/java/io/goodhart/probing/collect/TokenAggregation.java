package io.goodhart.probing.collect;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.TokenActivations;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * From the probe logits s₀ … s_{T−1} of the kept tokens to one score, token by token: what a monitor shows while a response is
 * written. Kramár et al. 2026, arXiv:2601.11516, section 3, compare them.
 */
public sealed interface TokenAggregation {
    /** mean s. */
    record Mean() implements TokenAggregation {
        @Override
        public RunningScore start() {
            return new RunningScores.OfSum(true);
        }
    }

    /** max s. */
    record Max() implements TokenAggregation {
        @Override
        public RunningScore start() {
            return new RunningScores.OfEma(1);
        }
    }

    /** s of the last token. */
    record Last() implements TokenAggregation {
        @Override
        public RunningScore start() {
            return new RunningScores.OfLast();
        }
    }

    /** Σ s. */
    record Sum() implements TokenAggregation {
        @Override
        public RunningScore start() {
            return new RunningScores.OfSum(false);
        }
    }

    /** Mean of the min(k, T) largest s. */
    record TopMean(int k) implements TokenAggregation {
        public TopMean {
            checkPositive(k);
        }

        @Override
        public RunningScore start() {
            return new RunningScores.OfTop(k);
        }
    }

    /** Highest mean of s over full windows of this many tokens; the mean of all while there are fewer. */
    record RollingMeanMax(int window) implements TokenAggregation {
        public RollingMeanMax {
            checkPositive(window);
        }

        @Override
        public RunningScore start() {
            return new RunningScores.OfWindow(window);
        }
    }

    /** max_t e_t, e₀ = s₀, e_t = α·s_t + (1 − α)·e_{t−1}, 0 &lt; α ≤ 1. */
    record EmaMax(double alpha) implements TokenAggregation {
        public EmaMax {
            if (!(alpha > 0 && alpha <= 1)) {
                throw new IllegalArgumentException("Need 0 < alpha <= 1, got " + alpha);
            }
        }

        @Override
        public RunningScore start() {
            return new RunningScores.OfEma(alpha);
        }
    }

    /** The way that a name stands for, of tokens that have one logit each. */
    static TokenAggregation of(Aggregation name) {
        return switch (name) {
            case MEAN -> new Mean();
            case MAX, MULTIMAX -> new Max();
            case LAST -> new Last();
            case EMA_MAX -> new EmaMax(0.5);
            case ROLLING_MEAN_MAX -> new RollingMeanMax(10);
            case ATTENTION -> throw new IllegalArgumentException("Only an attention probe attends");
        };
    }

    /**
     * Scores [N] of texts.
     *
     * @param logits of all tokens, one text after the other
     * @param texts which of them belong together; each text has one or more
     */
    default double[] each(double[] logits, TokenActivations texts) {
        double[] scores = new double[texts.n()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] =
                    of(Arrays.copyOfRange(logits, texts.from(i), texts.to(i))).orElseThrow();
        }
        return scores;
    }

    /** A fresh score of no tokens. */
    RunningScore start();

    /** The score of all these logits; empty for none. */
    default OptionalDouble of(double[] logits) {
        RunningScore score = start();
        for (double logit : logits) {
            score.add(logit);
        }
        return score.value();
    }

    private static void checkPositive(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Need a count of one or more, got " + count);
        }
    }
}
