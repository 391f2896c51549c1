package io.goodhart.modelfiles.source;

import io.goodhart.modelfiles.source.HubClient.Sibling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which files of a repository make up a model; pickles are never among them. */
final class ModelFiles {
    static final String INDEX = "model.safetensors.index.json";

    private static final String WEIGHTS = "model.safetensors";
    private static final Set<String> SMALL = Set.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");
    private static final Pattern NAMED_TEMPLATE =
            Pattern.compile("additional_chat_templates/[A-Za-z0-9_-]{1,64}\\.jinja");
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\.safetensors");

    private ModelFiles() {}

    static boolean isSmall(String path) {
        return SMALL.contains(path) || NAMED_TEMPLATE.matcher(path).matches();
    }

    static boolean isWeights(String path) {
        return path.equals(INDEX) || SHARD.matcher(path).matches();
    }

    /** What to fetch first: everything but shards, which the index names. */
    static List<Sibling> first(List<Sibling> all) {
        Map<String, Sibling> byPath = byPath(all);
        if (!byPath.containsKey(WEIGHTS) && !byPath.containsKey(INDEX)) {
            throw Refusals.of(
                    "weights_not_safetensors",
                    "The model has no %s; weights in other formats are not read".formatted(WEIGHTS));
        }
        String weights = byPath.containsKey(WEIGHTS) ? WEIGHTS : INDEX;
        return all.stream()
                .filter(file -> isSmall(file.path()) || file.path().equals(weights))
                .toList();
    }

    /** The shards that an index names. */
    static List<Sibling> shards(byte[] index, List<Sibling> all) {
        Set<String> names = new TreeSet<>();
        try {
            JsonNode map = JsonMapper.shared().readTree(index).path("weight_map");
            map.forEach(name -> names.add(name.asString("")));
        } catch (JacksonException e) {
            throw Refusals.of("weights_invalid", INDEX + " is not valid JSON");
        }
        Map<String, Sibling> byPath = byPath(all);
        for (String name : names) {
            if (!SHARD.matcher(name).matches() || !byPath.containsKey(name)) {
                throw Refusals.of(
                        "weights_invalid",
                        "%s names the file '%s', which the model does not have".formatted(INDEX, name));
            }
        }
        return names.stream().map(byPath::get).toList();
    }

    private static Map<String, Sibling> byPath(List<Sibling> all) {
        Map<String, Sibling> byPath = new LinkedHashMap<>();
        all.forEach(file -> byPath.put(file.path(), file));
        return byPath;
    }
}
