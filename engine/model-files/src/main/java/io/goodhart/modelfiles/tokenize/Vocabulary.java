package io.goodhart.modelfiles.tokenize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Names and ids of tokenizer.json, which the native library does not give.
 *
 * @param size the largest id plus 1
 * @param ordinarySize the same without special tokens that were added to the vocabulary
 */
record Vocabulary(Map<String, Integer> ids, List<String> specialTokens, int size, int ordinarySize) {
    static Vocabulary read(JsonNode json) {
        Map<String, Integer> ids = new HashMap<>();
        List<String> special = new ArrayList<>();
        JsonNode vocab = json.path("model").path("vocab");
        if (vocab.isObject()) { // BPE and WordPiece
            vocab.properties()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt(-1)));
        } else { // Unigram: the position is the id
            int id = 0;
            for (JsonNode piece : vocab) {
                ids.put(piece.path(0).asString(""), id++);
            }
        }
        for (JsonNode token : json.path("added_tokens")) {
            String content = token.path("content").asString("");
            ids.put(content, token.path("id").asInt(-1));
            if (token.path("special").asBoolean(false)) {
                special.add(content);
            }
        }
        Map<String, Integer> ordinary = new HashMap<>(ids);
        special.forEach(ordinary::remove);
        return new Vocabulary(ids, List.copyOf(special), size(ids), size(ordinary));
    }

    private static int size(Map<String, Integer> ids) {
        return 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
