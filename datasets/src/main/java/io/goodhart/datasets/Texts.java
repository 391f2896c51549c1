package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts of a data file. */
public final class Texts {
    private Texts() {}

    /** Every text that passes the filter, in the file's order; empty texts are left out. */
    public static List<Text> eligible(DataSource source, String field, @Nullable String label, @Nullable Filter where) {
        List<Text> texts = new ArrayList<>();
        Rows.read(source, row -> {
            if (Condition.holds(where, row) && !row.text(field).isBlank()) {
                texts.add(new Text(
                        row.id(),
                        row.text(field).strip(),
                        Optional.ofNullable(label).map(name -> row.number(name) >= 0.5)));
            }
        });
        return texts;
    }

    /**
     * The texts of a slice.
     *
     * @throws InvalidInputException if the file has fewer
     */
    public static List<Text> read(DataSource source, TextSlice slice) {
        Set<Long> excluded = excluded(source, slice);
        List<Text> eligible = eligible(source, slice.field(), slice.label(), slice.where()).stream()
                .filter(text -> excluded.isEmpty() || !excluded.contains(Words.fingerprint(text.text())))
                .toList();
        if (eligible.size() < slice.count()) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has %d texts that fit, %d are needed%s"
                            .formatted(
                                    source.name(),
                                    eligible.size(),
                                    slice.count(),
                                    excluded.isEmpty() ? "" : " beside those that are read elsewhere")));
        }
        List<Text> ordered = Arrays.stream(Seeds.permutation(eligible.size(), slice.seed()))
                .mapToObj(eligible::get)
                .toList();
        return slice.balanced()
                ? balanced(source, ordered, slice.count())
                : List.copyOf(ordered.subList(0, slice.count()));
    }

    private static Set<Long> excluded(DataSource source, TextSlice slice) {
        Set<Long> excluded = new HashSet<>();
        if (slice.excluding() != null) {
            read(source, slice.excluding()).forEach(text -> excluded.add(Words.fingerprint(text.text())));
        }
        if (slice.excludingPrompts() != null) {
            excluded.addAll(Prompts.fingerprints(source, slice.excludingPrompts()));
        }
        return excluded;
    }

    /** The first texts of each class, as many of one as of the other, in their order. */
    private static List<Text> balanced(DataSource source, List<Text> ordered, int count) {
        Map<Boolean, Integer> taken = new HashMap<>();
        List<Text> texts = ordered.stream()
                .filter(text -> taken.merge(text.positive().orElse(false), 1, Integer::sum) <= count / 2)
                .toList();
        if (texts.size() < count) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has too few texts of a class: %d of each are needed".formatted(source.name(), count / 2)));
        }
        return texts;
    }
}
