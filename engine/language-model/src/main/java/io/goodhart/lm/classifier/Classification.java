package io.goodhart.lm.classifier;

import java.util.List;

/**
 * What a classifier says of one text.
 *
 * @param probabilities one per label, in the model's order
 * @param truncated whether the end of the text was left out because it is too long for the model
 */
public record Classification(List<Double> probabilities, boolean truncated) {
    public Classification {
        probabilities = List.copyOf(probabilities);
    }
}
