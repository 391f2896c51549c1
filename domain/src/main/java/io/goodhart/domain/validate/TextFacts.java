package io.goodhart.domain.validate;

/**
 * What is known of the texts of one corpus.
 *
 * @param eligible rows that pass the filter
 * @param tooLong rows that are longer than the model's context and would be cut
 * @param positives eligible rows that are labelled positive; 0 if the texts have no labels
 */
public record TextFacts(int eligible, int tooLong, int positives) {
    void warnIfCut(String field, int context, Problems warnings) {
        if (tooLong > 0) {
            warnings.add(
                    "truncated",
                    field,
                    "%d of %d texts are longer than the model's context of %d tokens and are cut"
                            .formatted(tooLong, eligible, context));
        }
    }
}
