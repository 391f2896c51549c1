package io.goodhart.modelfiles.family;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** All families that are supported. */
public final class Families {
    private static final List<Family> ALL = List.of(
            new Gpt2(),
            new Llama(),
            new Mistral(),
            new Qwen2(),
            new Qwen3(),
            new Gemma2(),
            new Gemma3(),
            new GptNeox(),
            new Phi3(),
            new Olmo2(),
            new Bert(),
            new Roberta(),
            new Distilbert());

    private Families() {}

    /** Their names. */
    public static List<String> names() {
        return ALL.stream().map(Family::modelType).toList();
    }

    /**
     * Reads the configuration of a model directory.
     *
     * @throws InvalidInputException naming every key that is wrong, or the architecture if it is not supported
     */
    public static ModelConfig read(Path directory) throws IOException {
        ConfigReader json = ConfigReader.open(directory);
        String type = json.text("model_type", "");
        List<String> architectures = json.texts("architectures");
        Family family = ALL.stream()
                .filter(candidate -> candidate.modelType().equals(type))
                .findFirst()
                .orElseThrow(() -> unknown(type, architectures));
        json.refuseUnlessNull("quantization_config");
        if (!architectures.isEmpty() && !architectures.equals(List.of(family.architecture()))) {
            json.refuse(
                    "architectures", "%s is not supported, only %s".formatted(architectures, family.architecture()));
        }
        ModelConfig config = family.read(json);
        json.throwIfWrong();
        return config;
    }

    private static InvalidInputException unknown(String type, List<String> architectures) {
        String known = ALL.stream()
                .map(family -> "%s (%s)".formatted(family.modelType(), family.architecture()))
                .collect(Collectors.joining(", "));
        return new InvalidInputException(new Problem(
                "model_not_supported",
                "config.json/model_type",
                "The architecture '%s' %s is not supported; supported are %s".formatted(type, architectures, known)));
    }
}
