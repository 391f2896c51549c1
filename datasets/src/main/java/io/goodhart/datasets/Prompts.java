package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.PromptSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Distinct prompts of a data file. */
public final class Prompts {
    private Prompts() {}

    /**
     * Every distinct eligible prompt with its template, in the file's order, and the id of its first row. Prompts that differ in
     * white space only are not distinct: a subset would otherwise hold what another one holds.
     */
    public static List<Prompt> eligible(DataSource source, PromptSpec spec) {
        return eligible(source, spec.field(), spec.where(), spec.prefix(), spec.template());
    }

    /**
     * The prompts of a slice.
     *
     * @throws InvalidInputException if the file has fewer distinct eligible prompts than the slice reaches to
     */
    public static List<Prompt> read(DataSource source, PromptSlice slice) {
        List<Prompt> eligible = eligible(source, slice.field(), slice.where(), slice.prefix(), slice.template());
        if (eligible.size() < slice.offset() + slice.count()) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has %d distinct eligible prompts, %d are needed"
                            .formatted(source.name(), eligible.size(), slice.offset() + slice.count())));
        }
        int[] order = Seeds.permutation(eligible.size(), slice.seed());
        List<Prompt> prompts = new ArrayList<>(slice.count());
        for (int i = slice.offset(); i < slice.offset() + slice.count(); i++) {
            Prompt prompt = eligible.get(order[i]);
            prompts.add(new Prompt(i, prompt.rowId(), prompt.text()));
        }
        return prompts;
    }

    /** What the prompts of a slice are known by. */
    static Set<Long> fingerprints(DataSource source, PromptSlice slice) {
        return read(source, slice).stream()
                .map(prompt -> Words.fingerprint(prompt.text()))
                .collect(Collectors.toSet());
    }

    private static List<Prompt> eligible(
            DataSource source,
            String field,
            @Nullable Filter where,
            PromptSpec.@Nullable Prefix prefix,
            String template) {
        Map<Long, Prompt> distinct = new LinkedHashMap<>();
        Rows.read(source, row -> {
            if (Condition.holds(where, row)) {
                cut(row, field, prefix)
                        .map(text -> template.replace("{text}", text))
                        .ifPresent(text -> distinct.putIfAbsent(
                                Words.fingerprint(text), new Prompt(distinct.size(), row.id(), text)));
            }
        });
        return List.copyOf(distinct.values());
    }

    private static Optional<String> cut(Row row, String field, PromptSpec.@Nullable Prefix prefix) {
        String text = row.text(field).strip();
        if (text.isEmpty() || prefix == null) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
        List<String> words = Words.of(text);
        int kept = prefix.words() + Math.floorMod(row.ordinal(), prefix.vary());
        if (words.size() < kept + prefix.leave()) {
            return Optional.empty();
        }
        return Optional.of(String.join(" ", words.subList(0, kept)));
    }
}
