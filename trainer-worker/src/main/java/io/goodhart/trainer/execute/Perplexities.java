package io.goodhart.trainer.execute;

import io.goodhart.domain.report.Evaluation.Perplexity;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Perplexity of texts from their negative log-likelihoods. */
final class Perplexities {
    private Perplexities() {}

    /**
     * Per token exp(Σ NLL / Σ tokens), per text the mean of exp(NLL / tokens).
     *
     * @param nll of each text, summed over its predicted tokens, in nats
     * @param tokens predicted tokens of each text, at least one
     */
    static Perplexity of(double[] nll, double[] tokens) {
        double all = Arrays.stream(tokens).sum();
        double perToken = Math.exp(Arrays.stream(nll).sum() / all);
        double perText = IntStream.range(0, nll.length)
                .mapToDouble(n -> Math.exp(nll[n] / tokens[n]))
                .average()
                .orElse(Double.NaN);
        return new Perplexity(nll.length, Math.round(all), perToken, perText);
    }
}
