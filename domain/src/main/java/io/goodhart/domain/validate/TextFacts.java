package io.goodhart.domain.validate;

/**
 * What is known of the texts of one corpus.
 *
 * @param eligible rows that pass the filter
 * @param positives eligible rows that are labelled positive; 0 if the texts have no labels
 * @param drawn texts that the experiment draws
 * @param longestTokens tokens of the longest drawn text, special tokens among them
 * @param tooLong drawn texts that are longer than the model's context and would be cut
 */
public record TextFacts(int eligible, int positives, int drawn, int longestTokens, int tooLong) {
    void warnIfCut(String field, int context, Problems warnings) {
        if (tooLong > 0) {
            warnings.add(
                    "truncated",
                    field,
                    "%d of %d texts are longer than the model's context of %d tokens and are cut"
                            .formatted(tooLong, drawn, context));
        }
    }
}
