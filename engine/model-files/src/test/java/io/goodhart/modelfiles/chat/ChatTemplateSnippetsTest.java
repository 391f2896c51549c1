package io.goodhart.modelfiles.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.modelfiles.chat.ChatTemplate.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The idioms of published templates, one by one, against jinja2 set up as transformers does. */
class ChatTemplateSnippetsTest {
    @Test
    void everyIdiomIsRenderedAsByTheReference() throws IOException {
        JsonNode json;
        try (InputStream stream = getClass().getResourceAsStream("/chat/snippets.json")) {
            json = JsonMapper.shared().readTree(Objects.requireNonNull(stream).readAllBytes());
        }
        Map<String, Object> variables = JsonMapper.shared()
                .convertValue(json.path("variables"), new TypeReference<HashMap<String, Object>>() {});
        List<Map<String, Object>> messages =
                JsonMapper.shared().convertValue(json.path("variables").path("messages"), new TypeReference<>() {});
        List<String> wrong = new ArrayList<>();
        for (JsonNode snippet : json.path("snippets")) {
            String source = snippet.path("template").asString();
            String text;
            try {
                text = ChatTemplate.of(source, Map.of(), Clock.systemUTC())
                        .render(messages, Ending.GENERATION_PROMPT, variables);
            } catch (RuntimeException e) {
                text = "threw " + e;
            }
            if (!text.equals(snippet.path("text").asString())) {
                wrong.add("%s%n  expected %s%n  actual   %s"
                        .formatted(
                                source,
                                snippet.path("text"),
                                JsonMapper.shared().writeValueAsString(text)));
            }
        }
        assertThat(wrong).as(String.join("\n", wrong)).isEmpty();
    }
}
