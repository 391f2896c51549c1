package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts of a data file. */
public final class Texts {
    private Texts() {}

    /** Every text that passes the filter, in the file's order; empty texts are left out. */
    public static List<Text> eligible(DataSource source, TextQuery query) {
        List<Text> texts = new ArrayList<>();
        Optional<Labels> labels = Optional.ofNullable(query.label()).map(rule -> new Labels(source, rule));
        Rows.read(source, row -> {
            if (Condition.holds(query.where(), row) && !row.text(query.field()).isBlank()) {
                texts.add(new Text(
                        row.id(), row.text(query.field()).strip(), labels.map(label -> label.isPositive(row))));
            }
        });
        labels.ifPresent(Labels::requireKnown);
        return texts;
    }

    /**
     * The texts of a slice.
     *
     * @throws InvalidInputException if the file has fewer
     */
    public static List<Text> read(DataSource source, TextSlice slice) {
        return drawn(source, slice, remaining(source, slice));
    }

    /**
     * The texts of a part of the distinct ones; of texts that are equal but for white space the file's first one, with its label.
     *
     * @throws InvalidInputException if the file has too few
     */
    public static List<Text> read(DataSource source, TextPart part) {
        Map<Long, Text> distinct = new LinkedHashMap<>();
        remaining(source, part.texts()).forEach(text -> distinct.putIfAbsent(Words.fingerprint(text.text()), text));
        List<Text> drawn = drawn(source, part.texts(), List.copyOf(distinct.values()));
        List<Text> ordered = part.texts().balanced() ? alternating(drawn) : drawn;
        return List.copyOf(ordered.subList(part.from(), ordered.size()));
    }

    private static List<Text> alternating(List<Text> balanced) {
        Map<Boolean, List<Text>> classes = balanced.stream()
                .collect(Collectors.partitioningBy(text -> text.positive().orElseThrow()));
        List<Text> positive = Objects.requireNonNull(classes.get(true));
        List<Text> negative = Objects.requireNonNull(classes.get(false));
        return IntStream.range(0, positive.size())
                .mapToObj(i -> Stream.of(positive.get(i), negative.get(i)))
                .flatMap(texts -> texts)
                .toList();
    }

    private static List<Text> remaining(DataSource source, TextSlice slice) {
        Set<Long> excluded = excluded(source, slice);
        return eligible(source, TextQuery.of(slice)).stream()
                .filter(text -> excluded.isEmpty() || !excluded.contains(Words.fingerprint(text.text())))
                .toList();
    }

    private static List<Text> drawn(DataSource source, TextSlice slice, List<Text> eligible) {
        if (eligible.size() < slice.count()) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has %d texts that fit, %d are needed%s"
                            .formatted(
                                    source.name(),
                                    eligible.size(),
                                    slice.count(),
                                    slice.excluding() == null && slice.excludingPrompts() == null
                                            ? ""
                                            : " beside those that are read elsewhere")));
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
