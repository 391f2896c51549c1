package io.goodhart.modelfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.family.Families;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ModelDirectoryGoldenTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broken-extra-key",
                "broken-missing-key",
                "broken-truncated",
                "broken-unsupported-architecture",
                "broken-wrong-shape"
            })
    void brokenDirectoriesAreRefusedByNameOfTheOffender(String name) throws IOException {
        Path path = Fixtures.path("lm/" + name);
        JsonNode expected = JsonMapper.shared().readTree(Files.readAllBytes(path.resolve("expected.json")));
        List<Problem> problems = ModelDirectory.problems(path);
        assertThat(problems).hasSize(1);
        for (JsonNode mention : expected.path("message_must_mention")) {
            assertThat(problems.getFirst().message()).contains(mention.asString());
        }
        assertThatThrownBy(() -> ModelDirectory.open(path)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "distilbert",
                "gemma2",
                "gemma3",
                "gpt2",
                "gpt2-bf16",
                "gpt2-fp16",
                "gpt2-openai-keys",
                "gpt_neox",
                "llama",
                "llama-rope3",
                "llama-sharded",
                "mistral",
                "qwen2",
                "qwen3",
                "roberta",
                "small/bert",
                "small/distilbert",
                "small/roberta"
            })
    void soundDirectoriesHaveNoProblems(String name) throws IOException {
        Optional<Path> path = Fixtures.find("lm/" + name);
        assumeTrue(path.isPresent(), name + " is not in the compact part of the fixtures");
        assertThat(ModelDirectory.problems(path.orElseThrow())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenizerOfAnotherVocabularyIsRefused(boolean special) throws IOException {
        copy(Fixtures.path("lm/gemma3"));
        Path file = directory.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(file));
        int beyond = ModelDirectory.open(directory).config().vocabulary();
        ((ArrayNode) tokenizer.path("added_tokens"))
                .addObject()
                .put("id", beyond)
                .put("content", "beyond")
                .put("special", special);
        Files.write(file, JsonMapper.shared().writeValueAsBytes(tokenizer));
        List<Problem> problems = ModelDirectory.problems(directory);
        if (special) { // as <image_soft_token> of text-only Gemma 3
            assertThat(problems).isEmpty();
            return;
        }
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("tokenizer_vocabulary_mismatch");
            assertThat(problem.field()).isEqualTo("tokenizer.json");
            assertThat(problem.message()).contains("ids up to " + beyond);
        });
    }

    @Test
    void gemma3ReadsWhatConfigJsonLeavesToDefaults() throws IOException {
        ModelDirectory model = ModelDirectory.open(Fixtures.path("lm/gemma3"));
        assertThat(model.config()).isInstanceOfSatisfying(DecoderConfig.class, config -> {
            assertThat(config.tiedHead()).isTrue();
            assertThat(windows(config)).containsExactly(8, 8, 8, 8, 8, 0, 8);
            assertThat(config.blocks())
                    .allSatisfy(block -> assertThat(block.attention().scores())
                            .returns(1 / Math.sqrt(30), Scores::scale)
                            .returns(0.0, Scores::softcap));
            assertThat(config.blocks())
                    .extracting(block -> block.attention().rope().base())
                    .containsExactly(1e4, 1e4, 1e4, 1e4, 1e4, 1e6, 1e4);
            assertThat(config.specialTokens().ends()).containsExactly(1);
        });
        ModelFacts facts = model.facts();
        assertThat(facts.parameters()).isEqualTo(314_512);
        assertThat(facts.linearModules())
                .containsExactly("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
    }

    @Test
    void bundledModelsAreWhatTheirCardsSay() throws IOException {
        ModelFacts gemma = ModelDirectory.open(Fixtures.model("tiny-gemma3")).facts();
        assertThat(gemma.parameters()).isEqualTo(3_372_480);
        assertThat(gemma.context()).isEqualTo(256);
        ModelDirectory scorer = ModelDirectory.open(Fixtures.model("tiny-toxicity"));
        assertThat(scorer.facts().parameters()).isEqualTo(1_054_210);
        assertThat(scorer.facts().labels()).containsExactly("neutral", "toxic");
        assertThat(scorer.facts().task()).isEqualTo(ModelFacts.Task.CLASSIFIER);
        assertThat(scorer.config()).isInstanceOfSatisfying(ClassifierConfig.class, config -> {
            assertThat(config.multiLabel()).isFalse();
            assertThat(config.paddingId()).isZero();
        });
    }

    @Test
    void factsSayWhatBlocksCompute() throws IOException {
        assertThat(ModelDirectory.open(Fixtures.model("tiny-gemma3")).facts().blocks())
                .isEqualTo(new BlockFacts(4, true, 64, true, false, false, List.of(64, 64, 0, 64, 64, 0)));
        assertThat(ModelDirectory.open(Fixtures.model("tiny-toxicity")).facts().blocks())
                .isEqualTo(BlockFacts.plain(3));
        ModelFacts gpt2 = ModelDirectory.open(Fixtures.path("lm/gpt2")).facts();
        assertThat(gpt2.blocks()).isEqualTo(BlockFacts.plain(gpt2.layers()));
        assertThat(blocks("gemma2").cappedScores()).isTrue();
        assertThat(blocks("gemma2").norms()).isEqualTo(4);
        assertThat(blocks("gpt_neox").headByHead()).isTrue();
        assertThat(blocks("gpt_neox").gatedMlp()).isFalse();
        assertThat(blocks("phi3").gatedMlp()).isTrue();
        assertThat(blocks("olmo2").queryKeyNorms()).isTrue();
        assertThat(blocks("mistral").windows()).doesNotContain(0);
        assertThat(blocks("llama-rope3").cappedScores()).isFalse();
    }

    private static BlockFacts blocks(String fixture) throws IOException {
        ModelConfig config = Families.read(Fixtures.path("lm/small/" + fixture));
        return ModelDirectory.facts(config, WeightTable.of(config), new ModelRevision(fixture, "0".repeat(64)))
                .blocks();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "tokenizer.json",
                "model.safetensors",
                "generation_config.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "chat_template.jinja"
            })
    void revisionChangesWithAnyFileThatChangesWhatTheModelDoes(String name) throws IOException {
        copy(Fixtures.path("lm/gpt2"));
        String before = ModelDirectory.open(directory).revision().sha256();
        assertThat(ModelDirectory.open(directory).revision().sha256()).isEqualTo(before);
        Path file = directory.resolve(name);
        if (name.equals("model.safetensors")) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 3] ^= 1;
            Files.write(file, bytes);
        } else {
            String text = Files.exists(file) ? Files.readString(file) : "{}";
            Files.writeString(file, text + "\n");
        }
        assertThat(ModelDirectory.open(directory).revision().sha256()).isNotEqualTo(before);
    }

    @Test
    void revisionDoesNotDependOnFilesThatChangeNothing() throws IOException {
        copy(Fixtures.path("lm/gpt2"));
        String before = ModelDirectory.open(directory).revision().sha256();
        Files.writeString(directory.resolve("README.md"), "about");
        assertThat(ModelDirectory.open(directory).revision().sha256()).isEqualTo(before);
    }

    @Test
    void theSingleFileIsPreferredToAnIndexAsInTransformers() throws IOException {
        copy(Fixtures.path("lm/gpt2"));
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"x\": \"nowhere.safetensors\"}}");
        assertThat(ModelDirectory.problems(directory)).isEmpty();
        Files.delete(directory.resolve("model.safetensors"));
        assertThat(ModelDirectory.problems(directory))
                .extracting(Problem::field)
                .containsExactly("nowhere.safetensors");
        Files.writeString(index, "{\"weight_map\": {\"x\": \"no\\u0000where\"}}");
        assertThat(ModelDirectory.problems(directory)).extracting(Problem::code).containsExactly("weights_invalid");
    }

    @Test
    void normsOfConvertedTensorFlowCheckpointsGoByTheirOldNames() throws IOException {
        Path source = Fixtures.path("lm/small/bert");
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(source)) {
            for (String name : file.names()) {
                String old =
                        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
                writer.add(old, file.floats(name), file.info(name).dimensions());
            }
        }
        writer.writeTo(directory.resolve("model.safetensors"));
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(source.resolve(name), directory.resolve(name));
        }
        assertThat(ModelDirectory.problems(directory)).isEmpty();
    }

    @Test
    void configurationFaultsAreAllNamedAtOnce() throws IOException {
        copy(Fixtures.path("lm/gemma3"));
        edit("\"attn_logit_softcapping\": null", "\"attn_logit_softcapping\": 30.0");
        edit("\"hidden_activation\": \"gelu_pytorch_tanh\"", "\"hidden_activation\": \"mish\"");
        edit("\"rms_norm_eps\": 0.01", "\"rms_norm_eps\": -1");
        edit("\"sliding_window\": 8", "\"sliding_window\": \"8\"");
        assertThat(ModelDirectory.problems(directory))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "config.json/attn_logit_softcapping",
                        "config.json/hidden_activation",
                        "config.json/rms_norm_eps",
                        "config.json/sliding_window");
    }

    @Test
    void slidingLayersFollowThePatternWhereLayerTypesAreMissing() throws IOException {
        copy(Fixtures.path("lm/gemma3"));
        Path path = directory.resolve("config.json");
        String config = Files.readString(path);
        Files.writeString(
                path,
                config.replaceFirst("(?s)\"layer_types\": \\[.*?\\],", "")
                        .replace("\"_sliding_window_pattern\": 6", "\"sliding_window_pattern\": 3"));
        assertThat(ModelDirectory.open(directory).config())
                .isInstanceOfSatisfying(
                        DecoderConfig.class, gemma -> assertThat(windows(gemma)).containsExactly(8, 8, 0, 8, 8, 0, 8));
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        assertThat(ModelDirectory.problems(directory.resolve("nowhere")))
                .extracting(Problem::code)
                .containsExactly("model_not_found");
        copy(Fixtures.path("lm/gpt2"));
        assertThat(ModelDirectory.open(directory).config()).returns("gpt2", ModelConfig::family);
        Files.delete(directory.resolve("tokenizer.json"));
        assertThat(ModelDirectory.problems(directory))
                .extracting(Problem::field)
                .containsExactly("tokenizer.json");
        Files.delete(directory.resolve("model.safetensors"));
        assertThat(ModelDirectory.problems(directory))
                .extracting(Problem::field)
                .containsExactly("model.safetensors");
        Files.delete(directory.resolve("config.json"));
        assertThat(ModelDirectory.problems(directory))
                .extracting(Problem::field)
                .containsExactly("config.json");
    }

    @Test
    void filesOfOtherKindsAreNotReadAndSoItIsSaid() throws IOException {
        copy(Fixtures.path("lm/gpt2"));
        Files.move(directory.resolve("tokenizer.json"), directory.resolve("vocab.json"));
        assertThat(ModelDirectory.problems(directory))
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.message()).contains("vocab.json is not read", "AutoTokenizer"));
        Files.move(directory.resolve("model.safetensors"), directory.resolve("pytorch_model.bin"));
        assertThat(ModelDirectory.problems(directory))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("pytorch_model.bin is not read", "can run code", "save_pretrained"));
    }

    private static List<Integer> windows(DecoderConfig config) {
        return config.blocks().stream()
                .map(block -> block.attention().scores().window())
                .toList();
    }

    private void edit(String from, String to) throws IOException {
        Path path = directory.resolve("config.json");
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }

    private void copy(Path source) throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "generation_config.json")) {
            Files.copy(source.resolve(name), directory.resolve(name));
        }
    }
}
