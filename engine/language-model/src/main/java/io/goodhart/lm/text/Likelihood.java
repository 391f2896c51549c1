package io.goodhart.lm.text;

import java.util.List;

/**
 * How likely a text is to a model.
 *
 * @param nll negative log-likelihood in nats, summed over the predicted tokens
 * @param tokens how many tokens were predicted
 */
public record Likelihood(double nll, int tokens) {
    /** exp of the mean negative log-likelihood per token of all texts together; NaN if there is no token. */
    public static double perplexity(List<Likelihood> texts) {
        double nll = texts.stream().mapToDouble(Likelihood::nll).sum();
        long tokens = texts.stream().mapToLong(Likelihood::tokens).sum();
        return Math.exp(nll / tokens);
    }
}
