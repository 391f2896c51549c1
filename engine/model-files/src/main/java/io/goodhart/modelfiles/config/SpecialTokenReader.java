package io.goodhart.modelfiles.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads token ids, none of which may lie outside the vocabulary. Null means: there is none. */
record SpecialTokenReader(ConfigReader json, int vocabulary) {
    SpecialTokens read(SpecialTokens defaults) {
        return new SpecialTokens(
                one("bos_token_id", defaults.beginning()),
                ids("eos_token_id", defaults.ends()),
                one("pad_token_id", defaults.padding()));
    }

    private OptionalInt one(String key, OptionalInt missing) {
        List<Integer> ids = ids(key, missing.stream().boxed().toList());
        json.check(ids.size() <= 1, key, "needs one token id, got " + ids);
        return ids.stream().mapToInt(Integer::intValue).findFirst();
    }

    private List<Integer> ids(String key, List<Integer> missing) {
        JsonNode value = json.generationNode(key);
        if (value.isMissingNode()) {
            return missing.stream().filter(id -> id < vocabulary).toList();
        }
        if (value.isNull()) {
            return List.of();
        }
        List<Integer> ids = new ArrayList<>();
        Stream<JsonNode> elements = value.isArray() ? value.valueStream() : Stream.of(value);
        elements.forEach(element -> {
            boolean known = element.isIntegralNumber()
                    && element.canConvertToInt()
                    && element.asInt() >= 0
                    && element.asInt() < vocabulary;
            json.check(known, key, "needs token ids below vocab_size %d, got %s".formatted(vocabulary, value));
            if (known) {
                ids.add(element.asInt());
            }
        });
        return ids;
    }
}
