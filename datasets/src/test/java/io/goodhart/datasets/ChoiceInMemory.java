package io.goodhart.datasets;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rule by which rows are chosen, written down with all texts in memory: keep what fits in the file's order, leave out what is
 * excluded and what is not distinct, put the rest in the seed's order, take the slice's places of it.
 */
final class ChoiceInMemory {
    private ChoiceInMemory() {}

    static List<Prompt> prompts(DataSource source, PromptSlice slice) {
        Map<Long, Prompt> distinct = new LinkedHashMap<>();
        Rows.read(source, row -> {
            if (Condition.holds(slice.where(), row)) {
                prompt(row, slice)
                        .ifPresent(text -> distinct.putIfAbsent(fingerprint(text), new Prompt(0, row.id(), text)));
            }
        });
        List<Prompt> all = List.copyOf(distinct.values());
        int[] order = Seeds.permutation(all.size(), slice.seed());
        List<Prompt> chosen = new ArrayList<>();
        for (int i = slice.offset(); i < slice.offset() + slice.count(); i++) {
            Prompt prompt = all.get(order[i]);
            chosen.add(new Prompt(i, prompt.rowId(), prompt.text()));
        }
        return chosen;
    }

    private static Optional<String> prompt(Row row, PromptSlice slice) {
        String text = row.text(slice.field()).strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (slice.prefix() == null) {
            return Optional.of(slice.template().replace("{text}", text));
        }
        String[] words = text.split("\\s+");
        int kept = slice.prefix().words()
                + Math.floorMod(row.ordinal(), slice.prefix().vary());
        if (words.length < kept + slice.prefix().leave()) {
            return Optional.empty();
        }
        return Optional.of(slice.template().replace("{text}", String.join(" ", Arrays.copyOf(words, kept))));
    }

    static List<Text> texts(DataSource source, TextSlice slice) {
        return chosen(fitting(source, slice), slice);
    }

    static List<Text> texts(DataSource source, TextPart part) {
        Map<Long, Text> distinct = new LinkedHashMap<>();
        fitting(source, part.texts()).forEach(text -> distinct.putIfAbsent(fingerprint(text.text()), text));
        List<Text> chosen = chosen(List.copyOf(distinct.values()), part.texts());
        if (part.texts().balanced()) {
            chosen = alternating(chosen);
        }
        return chosen.subList(part.from(), chosen.size());
    }

    private static List<Text> alternating(List<Text> texts) {
        List<Text> positive = ofClass(texts, true);
        List<Text> negative = ofClass(texts, false);
        List<Text> alternating = new ArrayList<>();
        for (int i = 0; i < positive.size(); i++) {
            alternating.add(positive.get(i));
            alternating.add(negative.get(i));
        }
        return alternating;
    }

    private static List<Text> ofClass(List<Text> texts, boolean positive) {
        return texts.stream()
                .filter(text -> text.positive().orElseThrow() == positive)
                .toList();
    }

    private static List<Text> fitting(DataSource source, TextSlice slice) {
        Set<Long> excluded = new HashSet<>();
        if (slice.excluding() != null) {
            texts(source, slice.excluding()).forEach(text -> excluded.add(fingerprint(text.text())));
        }
        if (slice.excludingPrompts() != null) {
            prompts(source, slice.excludingPrompts()).forEach(prompt -> excluded.add(fingerprint(prompt.text())));
        }
        Optional<Labels> labels = slice.rule().map(rule -> new Labels(source, rule));
        List<Text> fitting = new ArrayList<>();
        Rows.read(source, row -> {
            if (Condition.holds(slice.where(), row) && !row.text(slice.field()).isBlank()) {
                String text = row.text(slice.field()).strip();
                Optional<Boolean> positive = labels.map(label -> label.isPositive(row));
                if (!excluded.contains(fingerprint(text))) {
                    fitting.add(new Text(row.id(), text, positive));
                }
            }
        });
        return fitting;
    }

    private static List<Text> chosen(List<Text> texts, TextSlice slice) {
        int[] order = Seeds.permutation(texts.size(), slice.seed());
        List<Text> chosen = new ArrayList<>();
        Map<Boolean, Integer> taken = new HashMap<>();
        for (int i = 0; i < order.length && (slice.balanced() || i < slice.count()); i++) {
            Text text = texts.get(order[i]);
            if (!slice.balanced() || taken.merge(text.positive().orElseThrow(), 1, Integer::sum) <= slice.count() / 2) {
                chosen.add(text);
            }
        }
        return chosen;
    }

    static List<Preference> pairs(DataSource source, PairSlice slice) {
        Set<Long> excluded = new HashSet<>();
        if (slice.excluding() != null) {
            prompts(source, slice.excluding()).forEach(prompt -> excluded.add(fingerprint(prompt.text())));
        }
        List<Preference> all = new ArrayList<>();
        Preferences.forEach(source, slice, pair -> {
            if (!excluded.contains(fingerprint(pair.prompt().lastWords()))) {
                all.add(pair);
            }
        });
        return Arrays.stream(Seeds.permutation(all.size(), slice.seed()))
                .limit(slice.count())
                .mapToObj(all::get)
                .toList();
    }

    static long fingerprint(String text) {
        String folded = String.join(" ", text.strip().split("\\s+"));
        return ByteBuffer.wrap(Hashes.sha256().digest(folded.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
