package io.goodhart.modelfiles.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.SpecialTokens;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FamiliesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path directory;

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("llama-rope3", "{'num_hidden_layers': 2000000000}", "num_hidden_layers"),
                arguments("llama-rope3", "{'num_attention_heads': 3}", "num_key_value_heads"),
                arguments("llama-rope3", "{'vocab_size': 99999999999}", "vocab_size"),
                arguments("llama-rope3", "{'head_dim': 7}", "partial_rotary_factor"),
                arguments("llama-rope3", "{'partial_rotary_factor': 0.5}", "partial_rotary_factor"),
                arguments("llama-rope3", "{'rope_scaling': {'rope_type': 'yarn', 'factor': 2.0}}", "rope_scaling"),
                arguments("llama-rope3", "{'rope_scaling': {'type': 'dynamic', 'factor': 2.0}}", "rope_scaling"),
                arguments("llama-rope3", "{'rope_scaling': {'factor': 2.0}}", "rope_scaling"),
                arguments("llama-rope3", "{'rope_scaling': {'type': 'linear'}}", "rope_scaling/factor"),
                arguments("llama-rope3", "{'rope_scaling': {'type': 'longrope'}}", "rope_scaling"),
                arguments("llama-rope3", "{'rope_parameters': {'rope_theta': 5.0}}", "rope_theta"),
                arguments("llama-rope3", "{'hidden_act': 'mish'}", "hidden_act"),
                arguments("llama-rope3", "{'quantization_config': {'bits': 4}}", "quantization_config"),
                arguments("llama-rope3", "{'architectures': ['LlamaForTokenClassification']}", "architectures"),
                arguments("llama-rope3", "{'eos_token_id': '2'}", "eos_token_id"),
                arguments("llama-rope3", "{'eos_token_id': 2.0}", "eos_token_id"),
                arguments("llama-rope3", "{'eos_token_id': [1, 40]}", "eos_token_id"),
                arguments("llama-rope3", "{'bos_token_id': -1}", "bos_token_id"),
                arguments("llama-rope3", "{'pad_token_id': 40}", "pad_token_id"),
                arguments("llama-rope3", "{'bos_token_id': [1, 2]}", "bos_token_id"),
                arguments("mistral", "{'sliding_window': 0}", "sliding_window"),
                arguments("mistral", "{'layer_types': ['full_attention', 'full_attention']}", "layer_types"),
                arguments("qwen2-sliding", "{'layer_types': ['full_attention']}", "layer_types"),
                arguments("qwen2-sliding", "{'layer_types': ['full_attention', 'chunked']}", "layer_types"),
                arguments("qwen2-sliding", "{'sliding_window': null}", "use_sliding_window"),
                arguments("qwen2-sliding", "{'use_sliding_window': false}", "use_sliding_window"),
                arguments("gemma2", "{'sliding_window': null}", "sliding_window"),
                arguments("gemma2", "{'use_bidirectional_attention': true}", "use_bidirectional_attention"),
                arguments("gemma3-linear", "{'attn_logit_softcapping': 50.0}", "attn_logit_softcapping"),
                arguments("gpt2-inverse", "{'add_cross_attention': true}", "add_cross_attention"),
                arguments("gpt2-inverse", "{'n_head': 5}", "n_head"),
                arguments("gpt_neox", "{'rotary_pct': 0.4}", "rotary_pct"),
                arguments(
                        "phi3-longrope",
                        "{'rope_scaling': {'type': 'longrope', 'short_factor': [1.0]}}",
                        "rope_scaling/short_factor"),
                arguments("bert", "{'position_embedding_type': 'relative_key'}", "position_embedding_type"),
                arguments("bert", "{'problem_type': 'regression'}", "problem_type"),
                arguments("bert", "{'num_labels': 7}", "num_labels"),
                arguments("bert", "{'id2label': {'0': 'a', '2': 'b', '3': 'c'}}", "id2label"),
                arguments("bert", "{'id2label': ['a', 'b']}", "id2label"),
                arguments("distilbert", "{'n_heads': 5}", "n_heads"),
                arguments("roberta", "{'is_decoder': true}", "is_decoder"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aSettingThatWouldChangeTheNumbersIsRefusedByItsKey(String model, String change, String key)
            throws IOException {
        InvalidInputException refusal = catchThrowableOfType(InvalidInputException.class, () -> read(model, change));
        assertThat(refusal).as(change).isNotNull();
        assertThat(refusal.problems()).extracting(Problem::field).contains("config.json/" + key);
    }

    @ParameterizedTest
    @CsvSource({
        "gelu, GELU",
        "gelu_python, GELU",
        "gelu_new, GELU_TANH",
        "gelu_fast, GELU_TANH",
        "gelu_accurate, GELU_TANH",
        "gelu_pytorch_tanh, GELU_TANH",
        "quick_gelu, QUICK_GELU",
        "swish, SILU",
        "tanh, TANH"
    })
    void activationsAreKnownByAllTheirNames(String name, Activation activation) throws IOException {
        DecoderConfig config = (DecoderConfig) read("gpt2-inverse", "{'activation_function': '%s'}".formatted(name));
        assertThat(config.blocks().getFirst().mlp().activation()).isEqualTo(activation);
    }

    @Test
    void newerFilesSayTheSameByRopeParameters() throws IOException {
        DecoderConfig older = (DecoderConfig) read("gemma3-linear", "{}");
        DecoderConfig newer = (DecoderConfig) read("gemma3-linear", """
                {'rope_theta': null, 'rope_scaling': null, 'rope_local_base_freq': null, 'torch_dtype': null,
                 'dtype': 'bfloat16', 'rope_parameters': {
                    'full_attention': {'rope_type': 'linear', 'factor': 8.0, 'rope_theta': 1000.0},
                    'sliding_attention': {'rope_type': 'default', 'rope_theta': 100.0}}}
                """);
        assertThat(ropes(newer)).isEqualTo(ropes(older));
        assertThat(ropes(older).get(1).scaling()).isEqualTo(new Rope.Scaling.Linear(8));
        assertThat(ropes(older).getFirst().scaling()).isEqualTo(new Rope.Scaling.None());
        DecoderConfig neox = (DecoderConfig) read("gpt_neox", """
                {'rotary_pct': null, 'rotary_emb_base': null, 'rope_theta': null, 'partial_rotary_factor': null,
                 'rope_parameters': {'rope_type': 'default', 'rope_theta': 1000, 'partial_rotary_factor': 0.25}}
                """);
        assertThat(ropes(neox)).isEqualTo(ropes((DecoderConfig) read("gpt_neox", "{}")));
    }

    @Test
    void thereIsNothingBetweenAttentionAndMlpThatStandSideBySide() throws IOException {
        assertThat(sites("gpt_neox"))
                .containsExactly(
                        Site.RESID_PRE, Site.RESID_POST, Site.ATTN_OUT, Site.MLP_ACT, Site.MLP_OUT, Site.FINAL_NORM);
        assertThat(sites("gpt_neox-sequential")).containsExactly(Site.values());
        assertThat(sites("bert")).isEmpty();
    }

    private List<Site> sites(String model) throws IOException {
        ModelConfig config = read(model, "{}");
        ModelRevision revision = new ModelRevision(model, "0".repeat(64));
        return ModelDirectory.facts(config, WeightTable.of(config), revision).sites();
    }

    private static List<Rope> ropes(DecoderConfig config) {
        return config.blocks().stream().map(block -> block.attention().rope()).toList();
    }

    @Test
    void windowsFollowTheArchitecture() throws IOException {
        assertThat(windows("mistral", "{}")).containsExactly(4, 4);
        assertThat(windows("mistral", "{'sliding_window': null}")).containsExactly(0, 0);
        assertThat(windows("qwen2-sliding", "{'layer_types': null}")).containsExactly(0, 4);
        assertThat(windows("qwen2-sliding", "{'layer_types': null, 'use_sliding_window': false}"))
                .containsExactly(0, 0);
        assertThat(windows("gemma2", "{'layer_types': null}")).containsExactly(4, 0);
        assertThat(windows("phi3", "{}")).containsExactly(4, 4);
        assertThat(windows("phi3-longrope", "{}")).containsExactly(0, 0);
    }

    private List<Integer> windows(String model, String change) throws IOException {
        return ((DecoderConfig) read(model, change))
                .blocks().stream()
                        .map(block -> block.attention().scores().window())
                        .toList();
    }

    @Test
    void withLongRopeTheContextEndsWhereThePreTrainingsEnded() throws IOException {
        assertThat(read("phi3-longrope", "{}").context()).isEqualTo(64);
        assertThat(read("phi3", "{}").context()).isEqualTo(64);
        assertThat(read("phi3", "{'original_max_position_embeddings': 32}").context())
                .isEqualTo(64);
    }

    @Test
    void defaultIdsOutsideASmallVocabularyAreDropped() throws IOException {
        SpecialTokens tokens = read("gpt2-inverse", "{'bos_token_id': '-', 'eos_token_id': '-'}")
                .specialTokens();
        assertThat(tokens.beginning()).isEmpty();
        assertThat(tokens.ends()).isEmpty();
        assertThat(read("gpt2-inverse", "{}").specialTokens().ends()).containsExactly(2);
        assertThat(read("gpt2-inverse", "{'eos_token_id': [2, 5]}")
                        .specialTokens()
                        .ends())
                .containsExactly(2, 5);
        assertThat(read("gpt2-inverse", "{'eos_token_id': null}")
                        .specialTokens()
                        .ends())
                .isEmpty();
    }

    @Test
    void labelsAreNumberedWhereOnlyTheirNumberIsKnown() throws IOException {
        ClassifierConfig config = (ClassifierConfig) read("bert", "{'id2label': null, 'num_labels': 4}");
        assertThat(config.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3");
        assertThat(((ClassifierConfig) read("bert", "{'id2label': null}")).labels())
                .containsExactly("LABEL_0", "LABEL_1");
    }

    @Test
    void whatIsNotSupportedIsRefusedByNameAndTheSupportedOnesAreListed() {
        InvalidInputException refusal = catchThrowableOfType(
                InvalidInputException.class,
                () -> read("llama-rope3", "{'model_type': 'rwkv', 'architectures': ['RwkvForCausalLM']}"));
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("model_not_supported");
            assertThat(problem.message()).contains("rwkv", "RwkvForCausalLM");
            Families.names().forEach(name -> assertThat(problem.message()).contains(name));
        });
    }

    /** Reads the configuration of a compact model with some keys changed; those with the value "-" are left out. */
    private ModelConfig read(String model, String change) throws IOException {
        Path source = Fixtures.path("lm/small/" + model).resolve("config.json");
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readString(source));
        JSON.readTree(change.replace('\'', '"')).properties().forEach(property -> {
            boolean drop = property.getValue().asString("").equals("-");
            if (drop) {
                json.remove(property.getKey());
            } else {
                json.set(property.getKey(), property.getValue());
            }
        });
        Files.writeString(directory.resolve("config.json"), JSON.writeValueAsString(json));
        return Families.read(directory);
    }
}
