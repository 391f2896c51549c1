package io.goodhart.modelfiles.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what the Hugging Face library answers for awkward texts. */
class TokenizerGoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemma-bpe",
                "gpt2-bpe",
                "roberta-bpe",
                "llama2-bpe",
                "llama3-bpe",
                "qwen-bpe",
                "unigram",
                "wordpiece"
            })
    void idsPlacesAndDecodingsAreThoseOfTheReference(String family) throws IOException {
        Path folder = Fixtures.path("tokenizers/" + family);
        JsonNode expected = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("expected.json")));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(expected.path("vocab_size").asInt());
            for (JsonNode example : expected.path("cases")) {
                check(tokenizer, example);
            }
            for (JsonNode pair : expected.path("pairs")) {
                EncodedPair encoded = tokenizer.encodePair(
                        pair.path("text").asString(), pair.path("pair").asString());
                int[] ids = ids(pair.path("with_special").path("ids"));
                assertThat(encoded.ids()).isEqualTo(ids);
                assertThat(encoded.types())
                        .isEqualTo(orZeros(pair.path("with_special").path("type_ids"), ids.length));
                assertThat(encoded.truncated(10).ids()).isEqualTo(ids(pair.path("truncated_to_10_longest_first")));
            }
            for (JsonNode partial : expected.path("partial_decode")) {
                int[] ids = ids(partial.path("ids"));
                for (int i = 0; i < ids.length; i++) {
                    assertThat(tokenizer.decode(Arrays.copyOf(ids, i + 1)))
                            .isEqualTo(partial.path("decode_of_prefix").path(i).asString());
                }
            }
        }
    }

    private static void check(Tokenizer tokenizer, JsonNode example) {
        String text = example.path("text").asString();
        JsonNode with = example.path("with_special");
        int[] ids = ids(with.path("ids"));
        assertThat(tokenizer.encode(text, Specials.ADDED)).as(text).isEqualTo(ids);
        assertThat(tokenizer.encode(text, Specials.LEFT_OUT))
                .as(text)
                .isEqualTo(ids(example.path("without_special").path("ids")));
        assertThat(tokenizer.decode(ids))
                .isEqualTo(example.path("decode_skip_special").asString());
        assertThat(tokenizer.decodeWithSpecials(ids))
                .isEqualTo(example.path("decode_keep_special").asString());
        assertThat(tokenizer.encode(text, Specials.ADDED, 8))
                .as(text)
                .isEqualTo(ids(example.path("truncated_to_8").path("with_special")));
        checkPlaces(tokenizer.encodeWithPlaces(text, Specials.ADDED), with, text);
        checkPlaces(tokenizer.encodeWithPlaces(text, Specials.LEFT_OUT), example.path("without_special"), text);
    }

    private static void checkPlaces(Encoded encoded, JsonNode wanted, String text) {
        int[] added = orZeros(wanted.path("special_tokens_mask"), encoded.size());
        List<List<Integer>> places = new ArrayList<>();
        for (int i = 0; i < encoded.size(); i++) {
            places.add(List.of(encoded.start(i), encoded.end(i)));
            assertThat(encoded.isAdded(i)).isEqualTo(added[i] == 1);
        }
        List<List<Integer>> wantedPlaces = new ArrayList<>();
        wanted.path("offsets_utf16")
                .forEach(pair -> wantedPlaces.add(
                        List.of(pair.path(0).asInt(), pair.path(1).asInt())));
        assertThat(places).as(text).isEqualTo(wantedPlaces);
    }

    /** The compact fixtures leave out what is 0 everywhere. */
    private static int[] orZeros(JsonNode json, int length) {
        return json.isMissingNode() ? new int[length] : ids(json);
    }

    private static int[] ids(JsonNode json) {
        List<Integer> ids = new ArrayList<>();
        json.forEach(id -> ids.add(id.asInt()));
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void specialTokensComeFromTheConfiguration() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Fixtures.model("tiny-gemma3"))) {
            assertThat(tokenizer.paddingId()).hasValue(0);
            assertThat(tokenizer.endId()).hasValue(1);
            assertThat(tokenizer.beginningId()).hasValue(2);
            assertThat(tokenizer.specialTokens()).contains("<pad>", "<eos>", "<bos>");
            assertThat(tokenizer.vocabularySize()).isEqualTo(4096);
        }
    }
}
