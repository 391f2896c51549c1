package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.spec.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    private static final String CHAT = """
            {"prompt": [{"role": "user", "content": "Hi"}],
             "chosen": [{"role": "assistant", "content": "Hello"}],
             "rejected": [{"role": "assistant", "content": "Go"}]}""".replace("\n", "");

    @TempDir
    private Path directory;

    @Test
    void textsAreTakenAsTheyAre() throws IOException {
        PairText text = read("{\"prompt\":\"a \",\"chosen\":\"b\",\"rejected\":\" c\"}")
                .getFirst()
                .rendered(_ -> "", _ -> "");

        assertThat(text).isEqualTo(new PairText("a ", "b", " c", false));
    }

    @Test
    void completionOfAChatIsWhatTheTemplateWritesBehindThePrompt() throws IOException {
        PairText text = read(CHAT).getFirst().rendered(messages -> chat(messages) + "<model>", PreferencesTest::chat);

        assertThat(text).isEqualTo(new PairText("<user>Hi<end><model>", "Hello<end>", "Go<end>", true));
    }

    @Test
    void templateThatDoesNotContinueItsPromptIsRefused() throws IOException {
        Preference pair = read(CHAT).getFirst();
        assertThatThrownBy(() -> pair.rendered(messages -> chat(messages) + "<other>", PreferencesTest::chat))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Line 1 of pairs.jsonl is no chat");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"b\"}|two completions that are equal",
                "{\"prompt\":\"a\",\"chosen\":\" \",\"rejected\":\"b\"}|has nothing in field 'chosen'",
                "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":null}|has nothing in field 'rejected'",
                "{\"prompt\":[],\"chosen\":[],\"rejected\":[]}|has nothing in field 'prompt'",
                "{\"prompt\":\"a\",\"chosen\":[{\"role\":\"x\",\"content\":\"b\"}],\"rejected\":\"b\"}|mixes texts and chat",
                "{\"prompt\":[{\"role\":\"x\"}],\"chosen\":\"b\",\"rejected\":\"c\"}|without role or content",
                "{\"promt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}|did you mean promt?"
            })
    void rowThatIsNoPairIsNamed(String row, String message) {
        assertThatThrownBy(() -> read(row))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Line 1 of pairs.jsonl")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sliceHasTheFirstPairsOfTheSeedsOrderAmongThoseThatPass(int count) throws IOException {
        DataSource source = write("""
                {"prompt":"a","chosen":"1","rejected":"0","n":1}
                {"prompt":"b","chosen":"1","rejected":"0","n":2}
                {"prompt":"c","chosen":"1","rejected":"0","n":3}
                {"prompt":"d","chosen":"1","rejected":"0","n":4}
                """);

        List<Preference> all = Preferences.read(source, slice(3));

        assertThat(all).extracting(Preference::line).containsExactlyInAnyOrder(2L, 3L, 4L);
        assertThat(Preferences.read(source, slice(count))).isEqualTo(all.subList(0, count));
        assertThatThrownBy(() -> Preferences.read(source, slice(4))).hasMessageContaining("3 pairs that fit, 4");
    }

    @Test
    void pairsOfExcludedPromptsAreNotDrawn() throws IOException {
        DataSource source = write("""
                {"prompt":"a b","chosen":"1","rejected":"0"}
                {"prompt":"a  b","chosen":"1","rejected":"0"}
                {"prompt":"c","chosen":"1","rejected":"0"}
                """);
        PairSlice all = slice(1);
        PromptSlice first = new PromptSlice(all.dataset(), "prompt", null, null, "{text}", 0, 0, 1);
        String excluded = Prompts.read(source, first).getFirst().text();
        PairSlice others = new PairSlice(all.dataset(), "prompt", "chosen", "rejected", null, 7, 1, first);

        assertThat(Preferences.read(source, others))
                .noneMatch(pair -> Words.fingerprint(pair.prompt().lastWords()) == Words.fingerprint(excluded));
    }

    private static PairSlice slice(int count) {
        return new PairSlice(
                DatasetRevision.ofFile("pairs.jsonl", "a".repeat(64)),
                "prompt",
                "chosen",
                "rejected",
                Filter.range("n", 2.0, null),
                7,
                count,
                null);
    }

    private static String chat(List<Map<String, Object>> messages) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> message : messages) {
            String role = message.get("role").equals("assistant") ? "model" : "user";
            text.append('<')
                    .append(role)
                    .append('>')
                    .append(message.get("content"))
                    .append("<end>");
        }
        return text.toString();
    }

    private List<Preference> read(String row) throws IOException {
        PairSlice all = slice(0);
        PairSlice slice = new PairSlice(all.dataset(), all.prompt(), all.chosen(), all.rejected(), null, 0, 0, null);
        List<Preference> pairs = new ArrayList<>();
        Preferences.forEach(write(row), slice, pairs::add);
        return pairs;
    }

    private DataSource write(String rows) throws IOException {
        Path file = Files.writeString(directory.resolve("pairs.jsonl"), rows);
        return new DataSource(file, "pairs.jsonl", DataFormat.JSON_LINES);
    }
}
