package io.goodhart.probing;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.collect.TokenAggregation;

/** A probe that reads one row, a token or a pooled vector; of several rows it aggregates the logits. */
public sealed interface RowProbe extends FittedProbe permits LinearFit, SubspaceFit, MlpFit {
    /** Log-odds [N] of rows [N,D]. */
    double[] logits(Activations rows);

    @Override
    default double[] logits(TokenActivations texts, Aggregation aggregation) {
        double[] ofRows = logits(texts.rows());
        return TokenAggregation.of(aggregation).each(ofRows, texts);
    }

    @Override
    default double[] tokenLogits(Activations tokens) {
        return logits(tokens);
    }

    @Override
    default boolean supports(Aggregation aggregation) {
        return aggregation != Aggregation.ATTENTION;
    }

    /** Probabilities σ(logit) [N] of rows [N,D]. */
    default double[] probabilities(Activations rows) {
        double[] values = logits(rows);
        for (int i = 0; i < values.length; i++) {
            values[i] = FittedProbe.sigmoid(values[i]);
        }
        return values;
    }

    /** @throws IllegalArgumentException if the rows have another width than the probe reads */
    default void requireWidth(Activations rows) {
        if (rows.d() != d()) {
            throw new IllegalArgumentException("The probe reads " + d() + " features, the rows have " + rows.d());
        }
    }
}
