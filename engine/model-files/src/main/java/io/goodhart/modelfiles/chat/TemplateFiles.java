package io.goodhart.modelfiles.chat;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The templates of a model directory by name, and the special tokens that they may name.
 *
 * @param templates sources by name; the one used by itself is called {@code default}
 * @param specialTokens for example {@code bos_token} to {@code <s>}
 */
record TemplateFiles(Map<String, String> templates, Map<String, String> specialTokens) {
    static final String JINJA = "chat_template.jinja";
    static final String DEFAULT = "default";

    private static final String CONFIG = "tokenizer_config.json";
    private static final String FOLDER = "additional_chat_templates";
    private static final String SUFFIX = ".jinja";

    static TemplateFiles read(Path directory) throws IOException {
        JsonNode config = config(directory.resolve(CONFIG));
        Map<String, String> templates = new LinkedHashMap<>(inConfig(config.path("chat_template")));
        Path folder = directory.resolve(FOLDER);
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                for (Path file : files) {
                    String name = String.valueOf(file.getFileName());
                    templates.put(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
                }
            }
        }
        if (Files.isRegularFile(directory.resolve(JINJA))) {
            templates.put(DEFAULT, Files.readString(directory.resolve(JINJA)));
        }
        return new TemplateFiles(templates, specialTokens(config));
    }

    Optional<String> template(String name) {
        return Optional.ofNullable(templates.get(name));
    }

    private static JsonNode config(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return JsonMapper.shared().createObjectNode();
        }
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    new Problem(ChatTemplate.INVALID, CONFIG, CONFIG + " is not valid JSON: " + JsonFault.of(e)));
        }
    }

    private static Map<String, String> inConfig(JsonNode json) {
        Map<String, String> templates = new LinkedHashMap<>();
        if (json.isString()) {
            templates.put(DEFAULT, json.asString());
        }
        for (JsonNode named : json.isArray() ? json : JsonMapper.shared().createArrayNode()) {
            if (!named.path("name").isString() || !named.path("template").isString()) {
                throw new InvalidInputException(new Problem(
                        ChatTemplate.INVALID,
                        CONFIG + "/chat_template",
                        "Each of several chat templates needs a name and a template"));
            }
            templates.put(named.path("name").asString(), named.path("template").asString());
        }
        return templates;
    }

    private static Map<String, String> specialTokens(JsonNode config) {
        Map<String, String> tokens = new LinkedHashMap<>();
        config.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            JsonNode token = value.isObject() ? value.path("content") : value;
            if (entry.getKey().endsWith("_token") && token.isString()) {
                tokens.put(entry.getKey(), token.asString());
            }
        });
        return tokens;
    }
}
