package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * Where prompts come from. Equal prompts count once; evaluation, probes, retraining and pairs get disjoint subsets.
 *
 * @param dataset JSON-lines file, relative to the files root
 * @param field its field with the text
 * @param where which rows to keep; all if absent
 * @param prefix use only the first words of each text; the whole text if absent
 * @param template text around the prompt; must contain {@code {text}}
 */
public record PromptSpec(
        String dataset,
        String field,
        @Nullable Filter where,
        @Nullable Prefix prefix,
        String template) {
    public PromptSpec {
        dataset = Require.present(dataset, "dataset");
        field = Require.orElse(field, "text");
        template = Require.orElse(template, "{text}");
    }

    /**
     * The first {@code words + (id mod vary)} words of a text, of which at least {@code leave} more words remain.
     *
     * @param words fewest words kept
     * @param vary spread of lengths: the row's field {@code id} (or its number) modulo this is added
     * @param leave words that must remain, otherwise the row is left out
     */
    public record Prefix(Integer words, Integer vary, Integer leave) {
        public Prefix {
            words = Require.present(words, "words");
            vary = Require.orElse(vary, 1);
            leave = Require.orElse(leave, 0);
        }
    }
}
