package io.goodhart.lm.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.lm.Expected;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.CompletionBatch;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Adapters against PEFT. */
class LoraGoldenTest {
    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    @TempDir
    Path directory;

    /** Adapters of the compact models, and those of the whole set where it is. */
    static Stream<String> adapters() {
        return Stream.of(
                "small/gpt2-inverse/adapters/lora-c_attn",
                "small/llama-rope3/adapters/lora-all",
                "small/gemma2/adapters/rslora-qv",
                "small/phi3/adapters/lora-fused",
                "small/gpt_neox/adapters/lora-by-head",
                "gemma3/adapters/lora-all",
                "gemma3/adapters/rslora-qv",
                "gpt2/adapters/lora-c_attn",
                "llama/adapters/lora-all",
                "llama/adapters/rslora-qv");
    }

    private static Path folder(String name) {
        if (name.startsWith("small/")) {
            return Fixtures.path("lm/" + name);
        }
        Optional<Path> whole = Fixtures.whole("lm/" + name);
        assumeTrue(whole.isPresent(), name + " is in the whole set of fixtures only");
        return whole.orElseThrow();
    }

    private static DecoderModel base(Path folder) throws IOException {
        return DecoderModel.load(folder.resolve("../..").normalize());
    }

    private static Tensor logits(DecoderModel model, Expected expected) {
        TokenBatch batch = TokenBatch.rightPadded(expected.rows("right"));
        return model.logits(model.forward(batch, Hooks.none()).hiddenBTD());
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void onOffAndMergedAreThoseOfTheReference(String name) throws IOException {
        Path folder = folder(name);
        try (Expected expected = Expected.in(folder);
                DecoderModel model = base(folder);
                LoraAdapter adapter = LoraFiles.load(folder, model.table());
                Scope scope = Scope.open()) {
            model.setAdapter(adapter);
            expected.assertClose("right.logits", logits(model, expected), "right");
            try (AdapterSlot.Off off = model.withoutAdapter()) {
                expected.assertClose("right.logits_disabled", logits(model, expected), "right");
            }
            expected.assertClose("right.logits", logits(model, expected), "right");
            try (DecoderModel merged = model.merged(adapter)) {
                expected.assertClose("right.logits_merged", logits(merged, expected), "right");
                for (String tensor : expected.names("merged.")) {
                    Tensor weight = merged.parameters().get(tensor.substring("merged.".length()));
                    expected.assertCloseToLargest(tensor, weight.toFloats());
                }
            }
            model.setAdapter(null);
            expected.assertClose("right.logits_disabled", logits(model, expected), "right");
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void lossAndGradientsAreThoseOfTheReferenceAndTheBaseGetsNone(String name) throws IOException {
        Path folder = folder(name);
        try (Expected expected = Expected.in(folder);
                DecoderModel model = base(folder);
                LoraAdapter adapter = LoraFiles.load(folder, model.table())) {
            adapter.parameters().values().forEach(Tensor::requireGradient);
            model.setAdapter(adapter);
            List<int[]> rows = expected.rows("right");
            CompletionBatch batch = CompletionBatch.of(
                    rows.stream().map(ids -> Arrays.copyOf(ids, 1)).toList(),
                    rows.stream()
                            .map(ids -> Arrays.copyOfRange(ids, 1, ids.length))
                            .toList());
            try (Scope scope = Scope.open();
                    Autograd.Mode recording = Autograd.recording()) {
                Tensor loss = batch.logProbsN(model, Hooks.none()).mean().negated();
                assertThat(loss.asFloat()).isCloseTo(expected.floats("ce_loss")[0], within(1e-5f));
                Autograd.backward(loss);
            }
            try (Scope scope = Scope.open()) {
                for (String tensor : expected.names("grad.")) {
                    Tensor parameter = adapter.parameters().get(tensor.substring("grad.".length()));
                    expected.assertCloseToLargest(tensor, parameter.gradient().toFloats());
                }
            }
            assertThat(model.parameters().values()).noneMatch(Tensor::requiresGradient);
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void savedFilesComeBackAsTheyWere(String name) throws IOException {
        Path folder = folder(name);
        try (DecoderModel model = base(folder);
                LoraAdapter adapter = LoraFiles.load(folder, model.table())) {
            LoraFiles.save(adapter, directory, "base");
            try (LoraAdapter again = LoraFiles.load(directory, model.table())) {
                assertThat(again.settings()).isEqualTo(adapter.settings());
                assertThat(again.parameters().keySet())
                        .isEqualTo(adapter.parameters().keySet());
                adapter.parameters()
                        .forEach((key, tensor) -> assertThat(
                                        again.parameters().get(key).toFloats())
                                .containsExactly(tensor.toFloats()));
            }
        }
    }

    @Test
    void savedFilesAreThoseThatPeftWrites() throws IOException {
        Path folder = Fixtures.path("lm/gemma3/adapters/lora-all");
        try (DecoderModel model = base(folder);
                LoraAdapter adapter = LoraFiles.load(folder, model.table())) {
            LoraFiles.save(adapter, directory, "gemma3");
        }
        JsonNode expected = json(folder);
        JsonNode saved = json(directory);
        assertThat(saved.propertyNames()).containsExactlyElementsOf(expected.propertyNames());
        expected.properties()
                .forEach(setting -> assertThat(saved.get(setting.getKey()))
                        .as(setting.getKey())
                        .isEqualTo(setting.getValue()));
        try (SafetensorsFile theirs = SafetensorsFile.open(folder.resolve(LoraFiles.WEIGHTS));
                SafetensorsFile ours = SafetensorsFile.open(directory.resolve(LoraFiles.WEIGHTS))) {
            assertThat(ours.infos()).isEqualTo(theirs.infos()); // names, types and shapes
            assertThat(ours.metadata()).isEqualTo(theirs.metadata());
            theirs.names().forEach(name -> assertThat(ours.floats(name)).isEqualTo(theirs.floats(name)));
        }
    }

    private static JsonNode json(Path folder) {
        return JsonMapper.shared().readTree(folder.resolve(LoraFiles.CONFIG).toFile());
    }

    @Test
    void aRegularExpressionStandsForTheModulesThatHaveTensors() throws IOException {
        Path source = Fixtures.path("lm/gemma3/adapters/lora-all");
        Files.copy(source.resolve(LoraFiles.WEIGHTS), directory.resolve(LoraFiles.WEIGHTS));
        ObjectNode config = (ObjectNode) json(source);
        config.put("target_modules", ".*\\.(self_attn|mlp)\\.[a-z]+_proj");
        Files.writeString(directory.resolve(LoraFiles.CONFIG), config.toString());
        try (DecoderModel model = base(source);
                LoraAdapter listed = LoraFiles.load(source, model.table());
                LoraAdapter matched = LoraFiles.load(directory, model.table())) {
            assertThat(matched.targets()).isEqualTo(listed.targets());
            assertThat(matched.parameters().keySet())
                    .isEqualTo(listed.parameters().keySet());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "init_lora_weights | 'pissa'",
                "init_lora_weights | 'pissa_niter_4'",
                "init_lora_weights | 'olora'",
                "init_lora_weights | 'corda'",
                "init_lora_weights | 'loftq'",
                "init_lora_weights | 'eva'",
                "alora_invocation_tokens | [3, 5]",
                "arrow_config | {'top_k': 3}",
                "kasa_config | {'beta': 0.1}",
                "monteclora_config | {'samples': 2}",
                "velora_config | {'rank': 1}",
                "lora_ga_config | {'scale': 'stable'}",
                "use_bdlora | {'nblocks': 2}",
                "use_dora | true",
                "lora_bias | true",
                "bias | 'all'",
                "rank_pattern | {'q_proj': 8}",
                "alpha_pattern | {'q_proj': 8}",
                "layers_to_transform | [0]",
                "layers_to_transform | 0",
                "modules_to_save | ['lm_head']",
                "ensure_weight_tying | true",
                "exclude_modules | 'q_proj'",
                "something_newer | 0.5",
                "peft_type | 'LOHA'",
            })
    void aSettingThatChangesTheNumbersIsRefusedByName(String key, String value) throws IOException {
        Path source = Fixtures.path("lm/gemma3/adapters/lora-all");
        ObjectNode config = (ObjectNode) json(source);
        config.set(key, JsonMapper.shared().readTree(value.replace('\'', '"')));
        Files.copy(source.resolve(LoraFiles.WEIGHTS), directory.resolve(LoraFiles.WEIGHTS));
        Files.writeString(directory.resolve(LoraFiles.CONFIG), config.toString());
        try (DecoderModel model = base(source)) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> LoraFiles.load(directory, model.table()))
                    .satisfies(refused -> assertThat(refused.problems())
                            .singleElement()
                            .satisfies(problem -> assertThat(problem.field()).isEqualTo(key)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "init_lora_weights | false",
                "init_lora_weights | 'gaussian'",
                "something_newer | null",
                "something_newer | {}",
                "lora_dropout | 0.1",
                "inference_mode | false",
            })
    void aSettingThatChangesNothingIsAccepted(String key, String value) throws IOException {
        Path source = Fixtures.path("lm/gemma3/adapters/lora-all");
        ObjectNode config = (ObjectNode) json(source);
        config.set(key, JsonMapper.shared().readTree(value.replace('\'', '"')));
        Files.copy(source.resolve(LoraFiles.WEIGHTS), directory.resolve(LoraFiles.WEIGHTS));
        Files.writeString(directory.resolve(LoraFiles.CONFIG), config.toString());
        try (DecoderModel model = base(source);
                LoraAdapter adapter = LoraFiles.load(directory, model.table())) {
            assertThat(adapter.settings().rank()).isEqualTo(4);
        }
    }

    @Test
    void aNewAdapterChangesNothingAndDependsOnItsSeedAlone() throws IOException {
        Path folder = Fixtures.path("lm/gpt2");
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                LoraAdapter one = LoraAdapter.create(model.table(), LoraSettings.allLinear(3, 6), 7);
                LoraAdapter same = LoraAdapter.create(model.table(), LoraSettings.allLinear(3, 6), 7);
                LoraAdapter other = LoraAdapter.create(model.table(), LoraSettings.allLinear(3, 6), 8);
                Scope scope = Scope.open()) {
            String name = "base_model.model.transformer.h.1.mlp.c_proj.lora_A.weight";
            float[] values = one.parameters().get(name).toFloats();
            assertThat(one.parameters().get(name).shape()).containsExactly(3, 192);
            assertThat(values).containsExactly(same.parameters().get(name).toFloats());
            assertThat(values).isNotEqualTo(other.parameters().get(name).toFloats());
            double bound = 1 / Math.sqrt(192);
            for (float value : values) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
            }
            assertThat(one.targets()).hasSize(16);
            model.setAdapter(one);
            expected.assertClose("right.logits", logits(model, expected), "right");
        }
    }

    @Test
    void targetsThatDoNotExistAndTensorsThatDoNotFitAreRefusedByName() throws IOException {
        try (DecoderModel model = DecoderModel.load(Fixtures.path("lm/gemma3"))) {
            LoraSettings wrong = new LoraSettings(4, 8, false, List.of("q_proj", "c_attn"));
            assertThatThrownBy(() -> LoraAdapter.create(model.table(), wrong, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("c_attn")
                    .hasMessageContaining("gate_proj");
            Path source = Fixtures.path("lm/gemma3/adapters/lora-all");
            Files.copy(source.resolve(LoraFiles.WEIGHTS), directory.resolve(LoraFiles.WEIGHTS));
            String config = Files.readString(source.resolve(LoraFiles.CONFIG));
            refused(model, config.replace("\"r\": 4", "\"r\": 5"), "has shape [4, ");
            refused(model, config.replace("\"up_proj\",", ""), "up_proj.lora_A.weight");
        }
    }

    private void refused(DecoderModel model, String config, String mention) throws IOException {
        Files.writeString(directory.resolve(LoraFiles.CONFIG), config);
        assertThatThrownBy(() -> LoraFiles.load(directory, model.table()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(mention);
    }
}
