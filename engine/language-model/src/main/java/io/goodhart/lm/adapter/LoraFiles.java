package io.goodhart.lm.adapter;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.tensor.Tensor;
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

/** Adapters in the files of PEFT: adapter_config.json and adapter_model.safetensors. */
public final class LoraFiles {
    /** The adapter's settings. */
    public static final String CONFIG = "adapter_config.json";
    /** The adapter's tensors. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String INVALID = "adapter_invalid";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private LoraFiles() {}

    /**
     * Loads an adapter for a model.
     *
     * @throws InvalidInputException naming the setting or tensor that is missing, unknown, mis-shaped or not supported
     */
    public static LoraAdapter load(Path directory, WeightTable table) throws IOException {
        JsonNode config = config(directory);
        checkSupported(config);
        List<String> names = new ArrayList<>();
        config.path("target_modules").forEach(name -> names.add(name.asString("")));
        if (names.isEmpty()) {
            names.add(config.path("target_modules").asString(""));
        }
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(WEIGHTS))) {
            LoraSettings settings = settings(config, names);
            List<ExpectedTensor> targets = LoraAdapter.targets(table, settings);
            checkNames(file.names(), targets);
            return LoraAdapter.of(settings, targets, (name, rows, columns) -> {
                if (!file.info(name).shape().equals(List.of((long) rows, (long) columns))) {
                    throw refuse(
                            name,
                            "has shape %s, the model asks for [%d, %d]"
                                    .formatted(file.info(name).shape(), rows, columns));
                }
                float[] values = new float[rows * columns];
                file.readFinite(name, 0, values);
                return values;
            });
        }
    }

    private static LoraSettings settings(JsonNode config, List<String> names) {
        try {
            return new LoraSettings(
                    config.path("r").asInt(0),
                    config.path("lora_alpha").asDouble(0),
                    config.path("use_rslora").asBoolean(false),
                    names);
        } catch (IllegalArgumentException e) {
            throw refuse(CONFIG, String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode config(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw refuse(CONFIG, "is missing");
        }
        try {
            return JSON.readTree(Files.readAllBytes(directory.resolve(CONFIG)));
        } catch (JacksonException e) {
            throw refuse(CONFIG, "is not valid JSON: " + e.getOriginalMessage());
        }
    }

    /** What would change the numbers and is not done here must not be passed over. */
    private static void checkSupported(JsonNode config) {
        if (!config.path("peft_type").asString("").equals("LORA")) {
            throw refuse("peft_type", config.path("peft_type") + " is not supported, only LORA");
        }
        for (String key : List.of("use_dora", "lora_bias", "use_qalora", "use_bdlora")) {
            if (config.path(key).asBoolean(false)) {
                throw refuse(key, "true is not supported");
            }
        }
        if (!config.path("bias").asString("none").equals("none")) {
            throw refuse("bias", config.path("bias") + " is not supported, only none");
        }
        for (String key : List.of(
                "rank_pattern",
                "alpha_pattern",
                "modules_to_save",
                "layers_to_transform",
                "layer_replication",
                "exclude_modules",
                "target_parameters",
                "trainable_token_indices")) {
            JsonNode value = config.path(key);
            if (!value.isNull() && !value.isMissingNode() && !(value.isContainer() && value.isEmpty())) {
                throw refuse(key, value + " is not supported");
            }
        }
    }

    private static void checkNames(Set<String> stored, List<ExpectedTensor> targets) {
        Set<String> unknown = new TreeSet<>(stored);
        for (ExpectedTensor target : targets) {
            for (String name : List.of(LoraAdapter.downName(target.module()), LoraAdapter.upName(target.module()))) {
                if (!unknown.remove(name)) {
                    throw refuse(name, "is missing from " + WEIGHTS);
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw refuse(String.join(", ", unknown), "is not a tensor of this adapter");
        }
    }

    private static InvalidInputException refuse(String subject, String fault) {
        return new InvalidInputException(new Problem(INVALID, subject, "Adapter: %s %s".formatted(subject, fault)));
    }

    /**
     * Writes an adapter.
     *
     * @param baseModel what PEFT shall say the adapter belongs to
     */
    public static void save(LoraAdapter adapter, Path directory, String baseModel) throws IOException {
        Files.createDirectories(directory);
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (Map.Entry<String, Tensor> parameter : adapter.parameters().entrySet()) {
            writer.add(
                    parameter.getKey(),
                    parameter.getValue()::read,
                    parameter.getValue().shape());
        }
        writer.writeTo(directory.resolve(WEIGHTS));
        Files.writeString(directory.resolve(CONFIG), JSON.writeValueAsString(json(adapter, baseModel)) + "\n");
    }

    private static ObjectNode json(LoraAdapter adapter, String baseModel) {
        LoraSettings settings = adapter.settings();
        ObjectNode json = JSON.createObjectNode();
        json.putObject("alpha_pattern");
        json.put("base_model_name_or_path", baseModel);
        json.put("bias", "none");
        json.put(
                "fan_in_fan_out",
                adapter.targets().stream().anyMatch(target -> target.kind() == ExpectedTensor.Kind.TRANSPOSED_LINEAR));
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        if (settings.alpha() == Math.rint(settings.alpha())) {
            json.put("lora_alpha", (long) settings.alpha());
        } else {
            json.put("lora_alpha", settings.alpha());
        }
        json.put("lora_dropout", 0.0);
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA");
        json.put("r", settings.rank());
        json.putObject("rank_pattern");
        json.putNull("revision");
        Set<String> modules = new TreeSet<>();
        if (settings.targetModules().equals(List.of(LoraSettings.ALL_LINEAR))) {
            adapter.targets()
                    .forEach(target -> modules.add(
                            target.module().substring(target.module().lastIndexOf('.') + 1)));
        } else {
            modules.addAll(settings.targetModules());
        }
        modules.forEach(json.putArray("target_modules")::add);
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", false);
        json.put("use_rslora", settings.rankStabilised());
        return json;
    }
}
