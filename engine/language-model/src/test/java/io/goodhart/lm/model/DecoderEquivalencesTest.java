package io.goodhart.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two checkpoints that say the same in different ways give the same numbers. */
class DecoderEquivalencesTest {
    private static final List<int[]> ROWS = List.of(new int[] {3, 9, 27, 5, 31, 12, 8}, new int[] {14, 4, 22});

    @TempDir
    Path directory;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    private static float[] logits(Path folder) throws IOException {
        try (DecoderModel model = DecoderModel.load(folder);
                Scope scope = Scope.open()) {
            return model.logits(model.forward(TokenBatch.leftPadded(ROWS), Hooks.none())
                            .hiddenBTD())
                    .toFloats();
        }
    }

    /** A compact model with its configuration and weights rewritten. */
    private Path rewritten(String name, Map<String, String> edits, BiFunction<String, float[], float[]> weights)
            throws IOException {
        Path source = Fixtures.path("lm/small/" + name);
        String config = Files.readString(source.resolve("config.json"));
        for (Map.Entry<String, String> edit : edits.entrySet()) {
            assertThat(config).contains(edit.getKey());
            config = config.replace(edit.getKey(), edit.getValue());
        }
        Files.writeString(directory.resolve("config.json"), config);
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(source)) {
            Map<String, float[]> all = new TreeMap<>();
            file.names().forEach(tensor -> all.put(tensor, weights.apply(tensor, file.floats(tensor))));
            for (Map.Entry<String, float[]> tensor : all.entrySet()) {
                writer.add(
                        tensor.getKey(),
                        tensor.getValue(),
                        file.info(tensor.getKey()).dimensions());
            }
            if (edits.containsValue("\"tie_word_embeddings\": false")) {
                String embedding = "model.embed_tokens.weight";
                writer.add(
                        "lm_head.weight",
                        file.floats(embedding),
                        file.info(embedding).dimensions());
            }
        }
        writer.writeTo(directory.resolve("model.safetensors"));
        return directory;
    }

    @Test
    void anUntiedHeadThatEqualsTheEmbeddingIsATiedOne() throws IOException {
        Path untied = rewritten(
                "qwen3", Map.of("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"), (name, x) -> x);
        assertThat(logits(untied)).containsExactly(logits(Fixtures.path("lm/small/qwen3")), within(1e-6f));
    }

    /** Dividing the scores of layer l by l + 1 is dividing its queries, weight and bias, by l + 1. */
    @Test
    void scalingByTheLayerIsDividingTheQueries() throws IOException {
        Path divided = rewritten(
                "gpt2-inverse",
                Map.of("\"scale_attn_by_inverse_layer_idx\": true", "\"scale_attn_by_inverse_layer_idx\": false"),
                (name, x) -> name.matches("transformer\\.h\\.1\\.attn\\.c_attn\\..*") ? queriesTimes(x, 0.5f) : x);
        assertThat(logits(divided)).containsExactly(logits(Fixtures.path("lm/small/gpt2-inverse")), within(1e-5f));
    }

    /** Not dividing scores by √K is dividing by √K queries that are √K times as large. */
    @Test
    void unscaledScoresAreScaledOnesOfLargerQueries() throws IOException {
        float root = (float) Math.sqrt(8);
        Path scaled = rewritten(
                "gpt2-unscaled",
                Map.of("\"scale_attn_weights\": false", "\"scale_attn_weights\": true"),
                (name, x) -> name.contains("attn.c_attn.") ? queriesTimes(x, root) : x);
        assertThat(logits(scaled)).containsExactly(logits(Fixtures.path("lm/small/gpt2-unscaled")), within(1e-4f));
    }

    /** The first third of each row of c_attn, stored [in, 3·D], and of its bias. */
    private static float[] queriesTimes(float[] x, float factor) {
        float[] result = x.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= i % 72 < 24 ? factor : 1;
        }
        return result;
    }

    @Test
    void attentionBiasesOfZeroAreNone() throws IOException {
        Path zero = rewritten("gemma2", Map.of(), (name, x) -> name.endsWith(".bias") ? new float[x.length] : x);
        float[] withZeros = logits(zero);
        Path none = rewritten("gemma2", Map.of(), (name, x) -> x);
        assertThat(withZeros).isNotEqualTo(logits(none)); // they do something when they are not zero
        String config = Files.readString(directory.resolve("config.json"));
        Files.writeString(
                directory.resolve("config.json"),
                config.replace("\"attention_bias\": true", "\"attention_bias\": false"));
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(Fixtures.path("lm/small/gemma2"))) {
            for (String name : file.names()) {
                if (!name.endsWith(".bias")) {
                    writer.add(name, file.floats(name), file.info(name).dimensions());
                }
            }
        }
        writer.writeTo(directory.resolve("model.safetensors"));
        assertThat(logits(directory)).containsExactly(withZeros, within(1e-6f));
    }

    @Test
    void aWindowOfTheWholeSequenceIsNone() throws IOException {
        Path wide = rewritten("mistral", Map.of("\"sliding_window\": 4", "\"sliding_window\": 7"), (name, x) -> x);
        float[] withWindow = logits(wide);
        Path none = rewritten("mistral", Map.of("\"sliding_window\": 4", "\"sliding_window\": null"), (name, x) -> x);
        assertThat(withWindow).containsExactly(logits(none), within(1e-5f));
        assertThat(withWindow).isNotEqualTo(logits(Fixtures.path("lm/small/mistral")));
    }

    @Test
    void thePlaceBetweenAttentionAndMlpDoesNotExistWhereTheyStandSideBySide() throws IOException {
        HookPoint middle = new HookPoint(Site.RESID_MID, 0);
        TokenBatch batch = TokenBatch.rightPadded(ROWS);
        try (DecoderModel parallel = DecoderModel.load(Fixtures.path("lm/small/gpt_neox"));
                DecoderModel sequential = DecoderModel.load(Fixtures.path("lm/small/gpt_neox-sequential"));
                Scope scope = Scope.open()) {
            assertThatThrownBy(() -> parallel.forward(batch, Hooks.capturing(List.of(middle))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("resid_mid.0");
            assertThat(sequential.capture(batch, Hooks.capturing(List.of(middle))))
                    .containsOnlyKeys(middle);
        }
    }
}
