package io.goodhart.lm.adapter;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An adapter_config.json as PEFT {@value #VERSION} writes it. */
final class PeftConfig {
    static final String FILE = "adapter_config.json";

    private static final String VERSION = "0.21.2";
    private static final String TARGETS = "target_modules";
    private static final String INITIAL = "init_lora_weights";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Keys that are read here, and keys that change no number of a finished adapter. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "fan_in_fan_out", // follows from the model
            "inference_mode",
            "lora_alpha",
            "lora_dropout", // only while PEFT trains
            "megatron_core", // only with megatron_config
            "peft_version",
            "qalora_group_size", // only with use_qalora
            "r",
            "revision",
            TARGETS,
            "task_type",
            "use_rslora");

    private final JsonNode json;

    private PeftConfig(JsonNode json) {
        this.json = json;
    }

    /**
     * Reads a directory's.
     *
     * @throws InvalidInputException naming the setting that changes the numbers in a way that is not done here
     */
    static PeftConfig read(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve(FILE))) {
            throw refuse(FILE, "is missing");
        }
        try {
            PeftConfig config = new PeftConfig(JSON.readTree(Files.readAllBytes(directory.resolve(FILE))));
            config.checkSupported();
            return config;
        } catch (JacksonException e) {
            throw refuse(FILE, "is not valid JSON: " + JsonFault.of(e));
        }
    }

    private void checkSupported() {
        if (!json.isObject()) {
            throw refuse(FILE, "is not a JSON object");
        }
        require("peft_type", List.of("LORA"));
        for (Map.Entry<String, JsonNode> setting : json.properties()) {
            switch (setting.getKey()) {
                case "bias" -> require("bias", List.of("none"));
                case INITIAL -> require(INITIAL, List.of("true", "false", "gaussian"));
                case String key -> {
                    if (!UNDERSTOOD.contains(key) && !key.equals("peft_type") && !isNeutral(setting.getValue())) {
                        throw refuse(key, setting.getValue() + " is not supported");
                    }
                }
            }
        }
    }

    /** Other ways of starting an adapter, such as pissa, change the base model's weights too. */
    private void require(String key, List<String> accepted) {
        if (!accepted.contains(json.path(key).asString(""))) {
            throw refuse(key, "%s is not supported, only %s".formatted(json.path(key), String.join(", ", accepted)));
        }
    }

    /** What leaves a setting unused, known here or not. */
    private static boolean isNeutral(JsonNode value) {
        return value.isNull()
                || (value.isContainer() && value.isEmpty())
                || (value.isBoolean() && !value.booleanValue());
    }

    /**
     * The adapter's shape.
     *
     * @param adapted modules that have tensors in the adapter's file: what a regular expression as target stands for
     */
    LoraSettings settings(List<String> adapted) {
        JsonNode targets = json.path(TARGETS);
        List<String> names = new ArrayList<>();
        targets.forEach(name -> names.add(name.asString("")));
        if (targets.asString("").equals(LoraSettings.ALL_LINEAR)) {
            names.add(LoraSettings.ALL_LINEAR);
        } else if (targets.isString()) {
            names.addAll(adapted);
        }
        try {
            return new LoraSettings(
                    json.path("r").asInt(0),
                    json.path("lora_alpha").asDouble(0),
                    json.path("use_rslora").asBoolean(false),
                    names);
        } catch (IllegalArgumentException e) {
            throw refuse(FILE, String.valueOf(e.getMessage()));
        }
    }

    static InvalidInputException refuse(String subject, String fault) {
        return new InvalidInputException(
                new Problem("adapter_invalid", subject, "Adapter: %s %s".formatted(subject, fault)));
    }

    /** Writes an adapter's, every key that PEFT writes. */
    static void write(LoraAdapter adapter, Path directory, String baseModel) throws IOException {
        LoraSettings settings = adapter.settings();
        ObjectNode json = JSON.createObjectNode();
        json.putNull("alora_invocation_tokens").putObject("alpha_pattern");
        json.putNull("arrow_config").putNull("auto_mapping");
        json.put("base_model_name_or_path", baseModel).put("bias", "none");
        json.putNull("corda_config").put("ensure_weight_tying", false);
        json.putNull("eva_config").putNull("exclude_modules");
        json.put("fan_in_fan_out", isTransposed(adapter));
        json.put("inference_mode", true).put(INITIAL, true);
        json.putNull("kasa_config").putNull("layer_replication");
        json.putNull("layers_pattern").putNull("layers_to_transform");
        json.putObject("loftq_config");
        if (settings.alpha() == Math.rint(settings.alpha())) {
            json.put("lora_alpha", (int) settings.alpha());
        } else {
            json.put("lora_alpha", settings.alpha());
        }
        json.put("lora_bias", false).put("lora_dropout", 0.0).putNull("lora_ga_config");
        json.putNull("megatron_config").put("megatron_core", "megatron.core");
        json.putNull("modules_to_save").putNull("monteclora_config");
        json.put("peft_type", "LORA").put("peft_version", VERSION).put("qalora_group_size", 16);
        json.put("r", settings.rank()).putObject("rank_pattern");
        json.putNull("revision");
        targets(adapter).forEach(json.putArray(TARGETS)::add);
        json.putNull("target_parameters").put("task_type", "CAUSAL_LM").putNull("trainable_token_indices");
        json.putNull("use_bdlora").put("use_dora", false).put("use_qalora", false);
        json.put("use_rslora", settings.rankStabilised()).putNull("velora_config");
        Files.writeString(directory.resolve(FILE), JSON.writeValueAsString(json) + "\n");
    }

    private static boolean isTransposed(LoraAdapter adapter) {
        return adapter.targets().stream().anyMatch(target -> target.kind() == ExpectedTensor.Kind.TRANSPOSED_LINEAR);
    }

    private static Set<String> targets(LoraAdapter adapter) {
        if (!adapter.settings().targetModules().equals(List.of(LoraSettings.ALL_LINEAR))) {
            return new TreeSet<>(adapter.settings().targetModules());
        }
        Set<String> ends = new TreeSet<>();
        adapter.targets()
                .forEach(target ->
                        ends.add(target.module().substring(target.module().lastIndexOf('.') + 1)));
        return ends;
    }
}
