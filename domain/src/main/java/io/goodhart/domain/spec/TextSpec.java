package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * Texts for SFT or for perplexity.
 *
 * @param dataset JSON-lines file, relative to the files root
 * @param field its field with the text
 * @param where which rows to keep; all if absent
 * @param examples how many texts, drawn without replacement
 */
public record TextSpec(
        String dataset, String field, @Nullable Filter where, Integer examples) {
    public TextSpec {
        dataset = Require.present(dataset, "dataset");
        field = Require.orElse(field, "text");
        examples = Require.present(examples, "examples");
    }
}
