package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.PromptSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Distinct prompts of a data file. */
public final class Prompts {
    private Prompts() {}

    /** Every distinct eligible prompt with its template, in the file's order, and the id of its first row. */
    public static List<Prompt> eligible(Path file, PromptSpec spec) {
        return eligible(file, spec.field(), spec.where(), spec.prefix(), spec.template());
    }

    /**
     * The prompts of a slice.
     *
     * @throws InvalidInputException if the file has fewer distinct eligible prompts than the slice reaches to
     */
    public static List<Prompt> read(Path file, PromptSlice slice) {
        List<Prompt> eligible = eligible(file, slice.field(), slice.where(), slice.prefix(), slice.template());
        if (eligible.size() < slice.offset() + slice.count()) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has %d distinct eligible prompts, %d are needed"
                            .formatted(file.getFileName(), eligible.size(), slice.offset() + slice.count())));
        }
        int[] order = Seeds.permutation(eligible.size(), slice.seed());
        List<Prompt> prompts = new ArrayList<>(slice.count());
        for (int i = slice.offset(); i < slice.offset() + slice.count(); i++) {
            Prompt prompt = eligible.get(order[i]);
            prompts.add(new Prompt(i, prompt.rowId(), prompt.text()));
        }
        return prompts;
    }

    private static List<Prompt> eligible(
            Path file, String field, @Nullable Filter where, PromptSpec.@Nullable Prefix prefix, String template) {
        Map<String, Prompt> distinct = new LinkedHashMap<>();
        JsonLines.read(file, row -> {
            if (row.passes(where)) {
                cut(row, field, prefix)
                        .map(text -> template.replace("{text}", text))
                        .ifPresent(text -> distinct.putIfAbsent(text, new Prompt(distinct.size(), row.id(), text)));
            }
        });
        return List.copyOf(distinct.values());
    }

    private static Optional<String> cut(Row row, String field, PromptSpec.@Nullable Prefix prefix) {
        String text = row.text(field).strip();
        if (text.isEmpty() || prefix == null) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
        String[] words = text.split("\\s+");
        int kept = prefix.words() + Math.floorMod(row.ordinal(), prefix.vary());
        if (words.length < kept + prefix.leave()) {
            return Optional.empty();
        }
        return Optional.of(String.join(" ", List.of(words).subList(0, kept)));
    }
}
