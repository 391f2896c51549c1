package io.goodhart.probing;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.spec.ProbeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Heads that attend to a text's tokens: logit = Σ_h Σ_t softmax_t(q_h·z_t) (v_h·z_t) + b. EleutherAI's attention probes (2025); Kramár et
 * al. 2026, arXiv:2601.11516, section 3. Scored by {@link Aggregation#MULTIMAX} it is Σ_h max_t (v_h·z_t) + b, which long texts do not
 * wash out. There are no position weights.
 *
 * @param queries q_h, on standardised features
 * @param values v_h, on standardised features
 */
public record AttentionFit(Standardiser standardiser, List<DenseVector> queries, List<DenseVector> values, double bias)
        implements FittedProbe {
    public AttentionFit {
        queries = List.copyOf(queries);
        values = List.copyOf(values);
        if (queries.isEmpty() || queries.size() != values.size()) {
            throw new IllegalArgumentException("Need a value for each of one or more queries, got %d for %d"
                    .formatted(values.size(), queries.size()));
        }
        MlpFit.requireSizes(queries, standardiser.d());
        MlpFit.requireSizes(values, standardiser.d());
    }

    @Override
    public ProbeSpec.Kind kind() {
        return ProbeSpec.Kind.ATTENTION;
    }

    @Override
    public boolean supports(Aggregation aggregation) {
        return aggregation == Aggregation.ATTENTION || aggregation == Aggregation.MULTIMAX;
    }

    @Override
    public double[] logits(TokenActivations texts, Aggregation aggregation) {
        if (texts.d() != d()) {
            throw new IllegalArgumentException("The probe reads " + d() + " features, the rows have " + texts.d());
        }
        if (!supports(aggregation)) {
            throw new IllegalArgumentException("An attention probe is not scored by " + aggregation);
        }
        double[] logits = new double[texts.n()];
        for (int h = 0; h < queries.size(); h++) {
            double[] value = standardised(values.get(h), texts.rows());
            double[] query = standardised(queries.get(h), texts.rows());
            for (int i = 0; i < logits.length; i++) {
                logits[i] += aggregation == Aggregation.MULTIMAX
                        ? highest(value, texts.from(i), texts.to(i))
                        : attended(query, value, texts.from(i), texts.to(i));
            }
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] += bias;
        }
        return logits;
    }

    @Override
    public double[] tokenLogits(Activations tokens) {
        double[] logits = new double[tokens.n()];
        Arrays.fill(logits, bias);
        for (int h = 0; h < queries.size(); h++) {
            double[] value = standardised(values.get(h), tokens);
            double[] query = standardised(queries.get(h), tokens);
            for (int t = 0; t < logits.length; t++) {
                logits[t] += attended(query, value, 0, t + 1);
            }
        }
        return logits;
    }

    /** w·z of every row. */
    private double[] standardised(DenseVector weight, Activations rows) {
        DenseVector folded = weight.dividedBy(standardiser.scale());
        double offset = folded.dot(standardiser.mean());
        double[] products = rows.times(folded);
        for (int i = 0; i < products.length; i++) {
            products[i] -= offset;
        }
        return products;
    }

    private static double highest(double[] values, int from, int to) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int t = from; t < to; t++) {
            highest = Math.max(highest, values[t]);
        }
        return highest;
    }

    private static double attended(double[] queries, double[] values, int from, int to) {
        double highest = highest(queries, from, to);
        double sum = 0;
        double weights = 0;
        for (int t = from; t < to; t++) {
            double weight = Math.exp(queries[t] - highest);
            weights += weight;
            sum += weight * values[t];
        }
        return sum / weights;
    }

    @Override
    public AttentionFit reStandardised(Standardiser other) {
        return new AttentionFit(other, queries, values, bias);
    }

    @Override
    public Optional<LinearFit> linear() {
        return Optional.empty();
    }
}
