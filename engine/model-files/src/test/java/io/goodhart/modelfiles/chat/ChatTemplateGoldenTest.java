package io.goodhart.modelfiles.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.chat.ChatTemplate.Ending;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what transformers renders. */
class ChatTemplateGoldenTest {
    private static final TypeReference<List<Map<String, Object>>> MESSAGES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> VARIABLES = new TypeReference<>() {};

    @ParameterizedTest
    @ValueSource(strings = {"chatml", "llama3", "gemma"})
    void textsTokensAndRefusalsAreThoseOfTheReference(String name) throws IOException {
        JsonNode all = JsonMapper.shared()
                .readTree(Files.readAllBytes(Fixtures.path("tokenizers/chat_templates.json")))
                .path("templates")
                .path(name);
        Map<String, String> specialTokens = new HashMap<>();
        for (String token : List.of("bos_token", "eos_token")) {
            if (all.path(token).isString()) {
                specialTokens.put(token, all.path(token).asString());
            }
        }
        var template = ChatTemplate.of(all.path("template").asString(), specialTokens, Clock.systemUTC());
        try (Tokenizer tokenizer = Tokenizer.open(
                Fixtures.path("tokenizers/" + all.path("tokenizer").asString()))) {
            for (JsonNode example : all.path("cases")) {
                check(template, tokenizer, example);
            }
        }
    }

    private static void check(ChatTemplate template, Tokenizer tokenizer, JsonNode example) {
        List<Map<String, Object>> messages = JsonMapper.shared().convertValue(example.path("messages"), MESSAGES);
        Map<String, Object> variables = JsonMapper.shared().convertValue(example.path("variables"), VARIABLES);
        Ending ending =
                example.path("add_generation_prompt").asBoolean() ? Ending.GENERATION_PROMPT : Ending.LAST_MESSAGE;
        if (example.has("error")) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> template.render(messages, ending, variables))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ChatTemplate.REFUSED);
                        assertThat(e.problems().getFirst().message())
                                .isEqualTo(example.path("error").path("message").asString());
                    });
            return;
        }
        String text = template.render(messages, ending, variables);
        assertThat(text).isEqualTo(example.path("text").asString());
        int[] ids = JsonMapper.shared().convertValue(example.path("ids"), int[].class);
        assertThat(tokenizer.encode(text, Specials.LEFT_OUT)).isEqualTo(ids);
    }
}
