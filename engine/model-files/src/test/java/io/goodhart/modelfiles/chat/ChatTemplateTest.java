package io.goodhart.modelfiles.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.chat.ChatTemplate.Ending;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-01T12:00:00Z"), ZoneOffset.UTC);
    private static final List<Map<String, Object>> HELLO = List.of(Map.of("role", "user", "content", "hello"));

    private static String render(String source) {
        return ChatTemplate.of(source, Map.of("bos_token", "<s>"), CLOCK).render(HELLO, Ending.LAST_MESSAGE, Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.getClass() }}",
                "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ messages.getClass() }}",
                "{{ messages.clear() }}",
                "{{ messages[0].put('role', 'x') }}",
                "{{ ____int3rpr3t3r____.getConfig() }}",
                "{{ loop.getClass() }}{% for m in messages %}{{ loop.getClass() }}{% endfor %}",
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}",
                "{% from 'x' import y %}",
                "{% extends 'x' %}",
                "{{ '{{ 1 }}' | render }}",
                "{{ 'x' | center(1000000000) }}",
                "{{ '%1000000000d' | format(1) }}",
                "{{ 'a: 1' | fromyaml }}",
                "{{ type('x') }}",
                "{{ unixtimestamp() }}",
                "{{ 'x' | nosuchfilter }}",
                "{% nosuchtag %}",
                "{{ nosuchfunction('x') }}",
                "{{ 'x'.nosuchmethod() }}",
                "{% for m in messages %}{{ loop.previtem }}{% endfor %}",
                "{{ ( }}",
                "{% for m in messages %}",
                "{% if true %}",
            })
    void whatIsNotOfferedIsRefused(String source) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> render(source))
                .extracting(InvalidInputException::code)
                .isEqualTo(ChatTemplate.INVALID);
    }

    static List<String> hostile() {
        String doubling =
                "{% set ns = namespace(a='xxxxxxxxxxxxxxxx') %}{% for i in range(100) %}{% set ns.a = ns.a ~ ns.a %}"
                        + "{% endfor %}{{ ns.a }}";
        StringBuilder nested = new StringBuilder("{% set a = ['x'] %}{% set b = ['x'] %}");
        nested.repeat("{% set a = [a, a] %}{% set b = [b, b] %}", 60).append("{{ a == b }}");
        String loops = "{% for i in range(10000) %}".repeat(6) + "x" + "{% endfor %}".repeat(6);
        String macros = "{% macro m(a) %}{{ m(a) }}{{ m(a) }}{% endmacro %}{{ m(1) }}";
        return List.of(
                loops,
                loops.replace("x", "{{ i | tojson }}"),
                doubling,
                doubling.replace("~", "+"),
                doubling.replace("ns.a ~ ns.a", "[ns.a, ns.a]"),
                doubling.replace("ns.a ~ ns.a", "ns.a.replace('x', 'xxxxxxxxxxxxxxxx')"),
                nested.toString(),
                "{% set ns = namespace(a=1) %}{% set ns.a = ns %}{{ ns }}{{ ns | tojson }}",
                "{% for i in range(1000000000) %}{% for j in range(10000) %}x{% endfor %}{% endfor %}",
                macros,
                "{{ " + "(".repeat(200_000) + "1" + ")".repeat(200_000) + " }}",
                "{% if true %}".repeat(50_000) + "x" + "{% endif %}".repeat(50_000));
    }

    /** It ends, by a refusal; without its budget each of these runs until time or memory is used up. */
    @ParameterizedTest
    @MethodSource("hostile")
    void aTemplateThatWantsTooMuchIsStopped(String source) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> render(source));
    }

    @Test
    void contentIsNeverReadAsATemplate() {
        String text = ChatTemplate.of("{{ messages[0].content }}", Map.of(), CLOCK)
                .render(
                        List.of(Map.of("role", "user", "content", "{{ 1 + 1 }}{% for %}")),
                        Ending.LAST_MESSAGE,
                        Map.of());
        assertThat(text).isEqualTo("{{ 1 + 1 }}{% for %}");
    }

    @Test
    void theDateComesFromTheClock() {
        assertThat(render("{{ strftime_now('%d %b %Y') }}")).isEqualTo("01 Feb 2026");
    }

    @Test
    void aMessageWithoutRoleOrContentIsRefusedBeforeTheTemplateSeesIt() {
        var template = ChatTemplate.of("x", Map.of(), CLOCK);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> template.render(List.of(Map.of("name", "x")), Ending.LAST_MESSAGE, Map.of()))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Problem::field)
                        .containsExactly("messages/0/role", "messages/0/content"));
    }

    @Test
    void theTemplateComesFromItsOwnFileOrFromTheConfiguration() throws IOException {
        List<Map<String, Object>> messages = List.of(Map.of("role", "user", "content", "Hi"));
        for (String family : List.of("gemma-bpe", "llama3-bpe", "qwen-bpe")) {
            ChatTemplate template = ChatTemplate.open(Fixtures.path("tokenizers/" + family), CLOCK)
                    .orElseThrow();
            assertThat(template.render(messages, Ending.GENERATION_PROMPT, Map.of()))
                    .contains("Hi");
        }
        assertThat(ChatTemplate.open(Fixtures.path("tokenizers/gpt2-bpe"), CLOCK))
                .isEmpty();
    }

    @Test
    void severalTemplatesHaveNames(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<s>"}, "chat_template": [
                  {"name": "default", "template": "{{ bos_token }}plain"}, {"name": "tool_use", "template": "tools"}]}""");
        assertThat(ChatTemplate.open(directory, CLOCK).orElseThrow().render(HELLO, Ending.LAST_MESSAGE, Map.of()))
                .isEqualTo("<s>plain");
        assertThat(ChatTemplate.open(directory, "tool_use", CLOCK)
                        .orElseThrow()
                        .render(HELLO, Ending.LAST_MESSAGE, Map.of()))
                .isEqualTo("tools");
        assertThat(ChatTemplate.open(directory, "rag", CLOCK)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"chat_template\": [{\"name\": 1}]}", "{"})
    void aBrokenConfigurationIsRefused(String json, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), json);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ChatTemplate.open(directory, CLOCK))
                .extracting(InvalidInputException::code)
                .isEqualTo(ChatTemplate.INVALID);
    }
}
