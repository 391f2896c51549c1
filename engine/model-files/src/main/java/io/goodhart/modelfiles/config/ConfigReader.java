package io.goodhart.modelfiles.config;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads config.json key by key and collects everything that is wrong with it. A key that is null counts as missing. */
public final class ConfigReader {
    private static final String CONFIG = "config.json";
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final String INVALID = "model_config_invalid";
    private static final String NOT_SUPPORTED = "model_not_supported";

    private final JsonNode config;
    private final JsonNode generation;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigReader(JsonNode config, JsonNode generation) {
        this.config = config;
        this.generation = generation;
    }

    /**
     * Reads the configuration of a model directory.
     *
     * @throws InvalidInputException naming every key that is wrong, or the architecture if it is not supported
     */
    public static ModelConfig read(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw new InvalidInputException(
                    new Problem(INVALID, CONFIG, "There is no config.json in " + directory.getFileName()));
        }
        JsonNode generation = Files.isRegularFile(directory.resolve(GENERATION_CONFIG))
                ? parse(directory.resolve(GENERATION_CONFIG), GENERATION_CONFIG)
                : JsonMapper.shared().createObjectNode();
        ConfigReader reader = new ConfigReader(parse(directory.resolve(CONFIG), CONFIG), generation);
        ModelConfig result = reader.readFamily();
        if (!reader.problems.isEmpty()) {
            throw new InvalidInputException(reader.problems);
        }
        return result;
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
                    new Problem(INVALID, name, name + " is not valid JSON: " + e.getOriginalMessage()));
        }
    }

    private ModelConfig readFamily() {
        String family = text("model_type", "");
        List<String> architectures = texts("architectures");
        String architecture = architectures.isEmpty() ? "" : architectures.getFirst();
        refuseUnlessNull("quantization_config");
        return switch (family) {
            case "gpt2" -> {
                expect(architecture, "GPT2LMHeadModel");
                yield Gpt2Config.read(this);
            }
            case "gemma3_text" -> {
                expect(architecture, "Gemma3ForCausalLM");
                yield Gemma3Config.read(this);
            }
            case "llama" -> {
                expect(architecture, "LlamaForCausalLM");
                yield LlamaConfig.read(this);
            }
            case "roberta" -> {
                expect(architecture, "RobertaForSequenceClassification");
                yield RobertaClassifierConfig.read(this);
            }
            default ->
                throw new InvalidInputException(new Problem(
                        NOT_SUPPORTED,
                        CONFIG + "/model_type",
                        "The architecture '%s' (%s) is not supported; supported are gpt2, gemma3_text, llama and roberta classifiers"
                                .formatted(family, architecture)));
        };
    }

    private void expect(String architecture, String supported) {
        if (!architecture.isEmpty() && !architecture.equals(supported)) {
            report(NOT_SUPPORTED, "architectures", "%s is not supported, only %s".formatted(architecture, supported));
        }
    }

    private void report(String code, String key, String fault) {
        problems.add(new Problem(code, CONFIG + "/" + key, "config.json: %s: %s".formatted(key, fault)));
    }

    void check(boolean right, String key, String fault) {
        if (!right) {
            report(INVALID, key, fault);
        }
    }

    void refuseUnlessNull(String key) {
        if (has(config, key)) {
            report(NOT_SUPPORTED, key, "is %s, which is not supported; only null is".formatted(config.get(key)));
        }
    }

    void refuseIfTrue(String key) {
        if (flag(key, false)) {
            report(NOT_SUPPORTED, key, "true is not supported");
        }
    }

    private static boolean has(JsonNode json, String key) {
        return json.hasNonNull(key);
    }

    /** A whole number of at least 1. */
    int size(String key, int missing) {
        if (!has(config, key)) {
            return missing;
        }
        JsonNode value = config.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
            report(INVALID, key, "needs a whole number of at least 1, got " + value);
            return 1;
        }
        return value.asInt();
    }

    int evenSize(String key, int missing) {
        int size = size(key, missing);
        check(size % 2 == 0, key, "needs an even number, got " + size);
        return size;
    }

    int tokenId(String key, int missing) {
        if (!has(config, key)) {
            return missing;
        }
        JsonNode value = config.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 0) {
            report(INVALID, key, "needs a token id, got " + value);
            return missing;
        }
        return value.asInt();
    }

    double positive(String key, double missing) {
        return positive(config.path(key), key, missing);
    }

    private double positive(JsonNode value, String key, double missing) {
        if (value.isMissingNode() || value.isNull()) {
            return missing;
        }
        if (!value.isNumber() || !(value.asDouble() > 0)) {
            report(INVALID, key, "needs a number above 0, got " + value);
            return missing;
        }
        return value.asDouble();
    }

    boolean flag(String key, boolean missing) {
        if (!has(config, key)) {
            return missing;
        }
        if (!config.get(key).isBoolean()) {
            report(INVALID, key, "needs true or false, got " + config.get(key));
            return missing;
        }
        return config.get(key).asBoolean();
    }

    String text(String key, String missing) {
        return has(config, key) ? config.get(key).asString("") : missing;
    }

    List<String> texts(String key) {
        List<String> result = new ArrayList<>();
        config.path(key).forEach(element -> result.add(element.asString("")));
        return result;
    }

    Activation activation(String key, Activation missing) {
        if (!has(config, key)) {
            return missing;
        }
        String name = text(key, "");
        return Activation.byName(name).orElseGet(() -> {
            report(NOT_SUPPORTED, key, "the activation '%s' is not supported".formatted(name));
            return missing;
        });
    }

    /** θ of rotary positions, from the older key or the newer {@code rope_parameters}; scaling of positions is refused. */
    double ropeBase(String layerType, String key, double missing) {
        refuseScaling("rope_scaling", config.path("rope_scaling"));
        JsonNode parameters = config.path("rope_parameters");
        JsonNode ofType = parameters.has(layerType) ? parameters.get(layerType) : parameters;
        refuseScaling("rope_parameters", ofType);
        double base = positive(ofType.path("rope_theta"), "rope_parameters", missing);
        return has(config, key) ? positive(key, missing) : base;
    }

    private void refuseScaling(String key, JsonNode json) {
        if (json.isObject()) {
            String type = json.path("rope_type").asString(json.path("type").asString("default"));
            if (!type.equals("default")) {
                report(NOT_SUPPORTED, key, "scaling of rotary positions (%s) is not supported".formatted(type));
            }
        }
    }

    /** Label names by {@code id2label}; two anonymous ones if there is none, as in transformers. */
    List<String> labels() {
        JsonNode map = config.path("id2label");
        if (!map.isObject()) {
            return List.of("LABEL_0", "LABEL_1");
        }
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < map.size(); id++) {
            JsonNode label = map.path(Integer.toString(id));
            check(label.isString(), "id2label", "needs a name for label " + id);
            labels.add(label.asString("LABEL_" + id));
        }
        check(!labels.isEmpty(), "id2label", "needs at least one label");
        check(labels.stream().distinct().count() == labels.size(), "id2label", "names a label twice");
        return labels;
    }

    SpecialTokens specialTokens(int beginning, int end, @Nullable Integer padding) {
        List<Integer> beginnings = ids("bos_token_id", List.of(beginning));
        List<Integer> paddings = ids("pad_token_id", padding == null ? List.of() : List.of(padding));
        return new SpecialTokens(first(beginnings), ids("eos_token_id", List.of(end)), first(paddings));
    }

    private List<Integer> ids(String key, List<Integer> missing) {
        JsonNode value = has(generation, key) ? generation.get(key) : config.path(key);
        if (value.isMissingNode()) {
            return missing;
        }
        List<Integer> ids = new ArrayList<>();
        if (value.isIntegralNumber()) {
            ids.add(value.asInt());
        }
        value.forEach(element -> ids.add(element.asInt(-1)));
        check(ids.stream().allMatch(id -> id >= 0), key, "needs token ids, got " + value);
        return ids;
    }

    private static OptionalInt first(List<Integer> ids) {
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
    }
}
