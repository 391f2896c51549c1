package io.goodhart.modelfiles.config;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads config.json key by key and collects everything that is wrong with it. A key that is null counts as missing, except
 * where a method says what null means.
 */
public final class ConfigReader {
    private static final String CONFIG = "config.json";
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final String INVALID = "model_config_invalid";
    private static final String NOT_SUPPORTED = "model_not_supported";

    /** No size is larger: products of two, and of one with a number of heads, stay far from overflow. */
    private static final int LARGEST_SIZE = 1 << 24;

    /** No number of layers or heads is larger. */
    private static final int LARGEST_COUNT = 1 << 12;

    private static final int LARGEST_HEAD = 1 << 16;

    private final JsonNode config;
    private final JsonNode generation;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigReader(JsonNode config, JsonNode generation) {
        this.config = config;
        this.generation = generation;
    }

    /**
     * Opens the configuration of a model directory.
     *
     * @throws InvalidInputException if there is none, or a file of it is not a JSON object
     */
    public static ConfigReader open(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw new InvalidInputException(
                    new Problem(INVALID, CONFIG, "There is no config.json in " + directory.getFileName()));
        }
        JsonNode generation = Files.isRegularFile(directory.resolve(GENERATION_CONFIG))
                ? parse(directory.resolve(GENERATION_CONFIG), GENERATION_CONFIG)
                : JsonMapper.shared().createObjectNode();
        return new ConfigReader(parse(directory.resolve(CONFIG), CONFIG), generation);
    }

    private static JsonNode parse(Path path, String name) throws IOException {
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(path));
            if (json.isObject()) {
                return json;
            }
            throw new InvalidInputException(new Problem(INVALID, name, name + " is not a JSON object"));
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    new Problem(INVALID, name, name + " is not valid JSON: " + JsonFault.of(e)));
        }
    }

    /**
     * Throws if anything was wrong so far.
     *
     * @throws InvalidInputException naming every key that is wrong
     */
    public void throwIfWrong() {
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    JsonNode node(String key) {
        return config.path(key);
    }

    /** A key of generation_config.json, if it has a value there, else of config.json. */
    JsonNode generationNode(String key) {
        return generation.hasNonNull(key) ? generation.get(key) : config.path(key);
    }

    private void report(String code, String key, String fault) {
        problems.add(new Problem(code, CONFIG + "/" + key, "config.json: %s: %s".formatted(key, fault)));
    }

    /** Reports a wrong value unless it is right. */
    public void check(boolean right, String key, String fault) {
        if (!right) {
            report(INVALID, key, fault);
        }
    }

    /** Reports a setting that is not supported. */
    public void refuse(String key, String fault) {
        report(NOT_SUPPORTED, key, fault);
    }

    /** Reports a setting whatever its value is, unless it is null or missing. */
    public void refuseUnlessNull(String key) {
        if (has(key)) {
            refuse(key, "is %s, which is not supported; only null is".formatted(config.get(key)));
        }
    }

    /** Reports a switch that is on. */
    public void refuseIfTrue(String key) {
        if (flag(key, false)) {
            refuse(key, "true is not supported");
        }
    }

    /** Whether a key is there and not null. */
    public boolean has(String key) {
        return config.hasNonNull(key);
    }

    /** Whether a key is there and null. */
    public boolean isNull(String key) {
        return config.has(key) && config.get(key).isNull();
    }

    /** A whole number of at least 1. */
    public int size(String key, int missing) {
        return wholeNumber(key, missing, 1, LARGEST_SIZE);
    }

    /** A number of layers or heads. */
    public int count(String key, int missing) {
        return wholeNumber(key, missing, 1, LARGEST_COUNT);
    }

    /** The size of a head. */
    public int headSize(String key, int missing) {
        return wholeNumber(key, missing, 1, LARGEST_HEAD);
    }

    /** A whole number of at least 0. */
    public int number(String key, int missing) {
        return wholeNumber(key, missing, 0, LARGEST_SIZE);
    }

    private int wholeNumber(String key, int missing, int smallest, int largest) {
        if (!has(key)) {
            return missing;
        }
        JsonNode value = config.get(key);
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (!whole || value.asInt() < smallest || value.asInt() > largest) {
            report(INVALID, key, "needs a whole number from %d to %d, got %s".formatted(smallest, largest, value));
            return smallest;
        }
        return value.asInt();
    }

    /** A number above 0. */
    public double positive(String key, double missing) {
        return positive(config.path(key), key, missing);
    }

    /** A number above 0 in a nested object. */
    double positive(JsonNode value, String key, double missing) {
        if (value.isMissingNode() || value.isNull()) {
            return missing;
        }
        if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
            report(INVALID, key, "needs a number above 0, got " + value);
            return missing;
        }
        return value.asDouble();
    }

    /** A number above 0, or 0 where the key is null. */
    public double positiveOrNull(String key, double missing) {
        return isNull(key) ? 0 : positive(key, missing);
    }

    /** True or false. */
    public boolean flag(String key, boolean missing) {
        if (!has(key)) {
            return missing;
        }
        if (!config.get(key).isBoolean()) {
            report(INVALID, key, "needs true or false, got " + config.get(key));
            return missing;
        }
        return config.get(key).asBoolean();
    }

    /** A text; what is no text counts as empty. */
    public String text(String key, String missing) {
        return has(key) ? config.get(key).asString("") : missing;
    }

    /** The texts of a list; empty if there is none. */
    public List<String> texts(String key) {
        List<String> result = new ArrayList<>();
        config.path(key).forEach(element -> result.add(element.asString("")));
        return result;
    }

    /** A non-linearity by its name. */
    public Activation activation(String key, Activation missing) {
        if (!has(key)) {
            return missing;
        }
        String name = text(key, "");
        return Activation.byName(name).orElseGet(() -> {
            refuse(key, "the activation '%s' is not supported".formatted(name));
            return missing;
        });
    }

    /** Names of labels: a map from id to name under one key, else as many anonymous ones as another key says, else two. */
    public List<String> labels(String mapKey, String countKey) {
        JsonNode map = config.path(mapKey);
        int count = has(mapKey) ? map.size() : size(countKey, 2);
        check(!has(mapKey) || map.isObject(), mapKey, "needs a map from label ids to names, got " + map);
        check(count >= 1, mapKey, "needs at least one label");
        check(count == size(countKey, count), countKey, "does not fit the %d labels of %s".formatted(count, mapKey));
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < Math.min(count, LARGEST_COUNT); id++) {
            JsonNode label = map.path(Integer.toString(id));
            check(label.isString() || !has(mapKey), mapKey, "needs a name for label " + id);
            labels.add(label.asString("LABEL_" + id));
        }
        check(
                labels.stream().distinct().count() == count,
                mapKey,
                "needs at most %d names, none twice".formatted(LARGEST_COUNT));
        return labels;
    }

    /** Ids of beginning, end and padding; what stands in no file is the default, if the vocabulary has it. */
    public SpecialTokens specialTokens(int vocabulary, SpecialTokens defaults) {
        return new SpecialTokenReader(this, vocabulary).read(defaults);
    }

    /** Rotary positions for heads of one size. */
    public Rope rope(int dHead, RopeKeys keys) {
        return new RopeReader(this, keys).read(dHead);
    }
}
