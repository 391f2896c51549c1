package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.PairSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Preference pairs of a data file. */
public final class Preferences {
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> MESSAGE = new TypeReference<>() {};

    private Preferences() {}

    /**
     * Every pair that passes the filter, in the file's order; none is kept. The slice's seed and count are not looked at.
     *
     * @throws InvalidInputException naming the line of a row that is no pair
     */
    public static void forEach(DataSource source, PairSlice slice, Consumer<Preference> consumer) {
        Rows.read(source, row -> pairIfHolds(row, slice).ifPresent(consumer));
    }

    /**
     * The pairs of a slice.
     *
     * @throws InvalidInputException if the file has fewer
     */
    public static List<Preference> read(DataSource source, PairSlice slice) {
        Set<Long> excluded = slice.excluding() == null ? Set.of() : Prompts.fingerprints(source, slice.excluding());
        EligibleRows pairs = EligibleRows.of(
                source,
                row -> pairIfHolds(row, slice)
                        .filter(pair -> !excluded.contains(fingerprint(pair)))
                        .isPresent());
        if (pairs.count() < slice.count()) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has %d pairs that fit, %d are needed".formatted(source.name(), pairs.count(), slice.count())));
        }
        int[] ranks = Arrays.copyOf(Seeds.permutation(pairs.count(), slice.seed()), slice.count());
        return pairs.read(ranks, (_, row) -> pair(row, slice));
    }

    /** What the prompt of a pair is known by: what is said last in it. */
    public static long fingerprint(Preference pair) {
        return Words.fingerprint(pair.prompt().lastWords());
    }

    private static Optional<Preference> pairIfHolds(Row row, PairSlice slice) {
        return Condition.holds(slice.where(), row) ? Optional.of(pair(row, slice)) : Optional.empty();
    }

    private static Preference pair(Row row, PairSlice slice) {
        Utterance prompt = utterance(row, slice.prompt());
        Utterance chosen = utterance(row, slice.chosen());
        Utterance rejected = utterance(row, slice.rejected());
        if (!prompt.getClass().equals(chosen.getClass()) || !prompt.getClass().equals(rejected.getClass())) {
            throw BadData.row(row.source(), row.number(), "mixes texts and chat messages");
        }
        if (chosen.equals(rejected)) {
            throw BadData.row(row.source(), row.number(), "has two completions that are equal");
        }
        return new Preference(row.source(), row.number(), prompt, chosen, rejected);
    }

    private static Utterance utterance(Row row, String field) {
        JsonNode value = row.value(field).orElseThrow(() -> empty(row, field));
        if (value.isArray()) {
            List<Map<String, Object>> messages = new ArrayList<>();
            value.forEach(message -> messages.add(message(row, field, message)));
            if (messages.isEmpty()) {
                throw empty(row, field);
            }
            return new Utterance.Chat(messages);
        }
        if (row.text(field).isBlank()) {
            throw empty(row, field);
        }
        return new Utterance.Text(row.text(field));
    }

    private static Map<String, Object> message(Row row, String field, JsonNode message) {
        if (!message.path("role").isString() || !message.path("content").isString()) {
            throw BadData.row(
                    row.source(), row.number(), "has a message without role or content in field '" + field + "'");
        }
        return MAPPER.convertValue(message, MESSAGE);
    }

    private static InvalidInputException empty(Row row, String field) {
        return BadData.row(row.source(), row.number(), "has nothing in field '" + field + "'");
    }
}
