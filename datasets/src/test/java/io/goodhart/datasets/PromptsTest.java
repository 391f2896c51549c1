package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.PromptSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptsTest {
    private static final DatasetRevision REVISION = DatasetRevision.ofFile("data.jsonl", "0".repeat(64));

    @TempDir
    Path directory;

    @Test
    void slicesThatDoNotOverlapShareNoPromptAndTogetherAreAllPrompts() throws IOException {
        DataSource file = numbered(20);
        Set<String> seen = new HashSet<>();
        for (int offset = 0; offset < 20; offset += 5) {
            Prompts.read(file, slice(offset, 5))
                    .forEach(prompt -> assertThat(seen.add(prompt.text())).isTrue());
        }
        assertThat(seen).hasSize(20);
    }

    @Test
    void promptKeepsItsIndexWhateverSliceItIsReadIn() throws IOException {
        DataSource file = numbered(20);
        assertThat(Prompts.read(file, slice(0, 12)).subList(7, 12)).isEqualTo(Prompts.read(file, slice(7, 5)));
    }

    @Test
    void equalPromptsCountOnce() throws IOException {
        DataSource file = file("{\"text\":\"a b\"}\n{\"text\":\"a b\"}\n{\"text\":\"c d\"}\n");
        assertThat(eligible(file, spec(null, null))).containsExactly("a b", "c d");
    }

    @Test
    void promptsThatDifferInWhiteSpaceOnlyCountOnce() throws IOException {
        DataSource file = file("{\"text\":\"a b\"}\n{\"text\":\"a \\t b\"}\n{\"text\":\"ab\"}\n");
        assertThat(eligible(file, spec(null, null))).containsExactly("a b", "ab");
    }

    @Test
    void prefixVariesWithTheIdAndLeavesWords() throws IOException {
        DataSource file = file(
                "{\"id\":5,\"text\":\"a b c d e\"}\n{\"id\":4,\"text\":\"a b c d e\"}\n{\"id\":2,\"text\":\"x y\"}\n");
        PromptSpec spec = spec(null, new PromptSpec.Prefix(2, 2, 2));
        assertThat(eligible(file, spec)).containsExactly("a b c", "a b");
    }

    @Test
    void blankTextIsNoPromptWithAPrefixEither() throws IOException {
        DataSource file = file("{\"text\":\"  \"}\n{\"text\":\"a b\"}\n");
        assertThat(eligible(file, spec(null, new PromptSpec.Prefix(1, 1, 0)))).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 0", "0, 1, 0", "2147483647, 2147483647, 2147483647", "2147483647, 1, 0", "1, 1, 2147483647"})
    void prefixThatNoTextCanFulfilLeavesNoPrompt(int words, int vary, int leave) throws IOException {
        DataSource file = file("{\"id\":7,\"text\":\"a b c\"}\n");
        assertThat(eligible(file, spec(null, new PromptSpec.Prefix(words, vary, leave))))
                .isEmpty();
    }

    @Test
    void filterKeepsOnlyRowsInRange() throws IOException {
        DataSource file = file(
                "{\"text\":\"low\",\"score\":0.4}\n{\"text\":\"high\",\"score\":0.5}\n{\"text\":\"yes\",\"score\":true}\n");
        PromptSpec spec = spec(Filter.range("score", 0.5, null), null);
        assertThat(eligible(file, spec)).containsExactly("high", "yes");
    }

    @Test
    void sliceBeyondTheDataIsRefused() throws IOException {
        DataSource file = numbered(3);
        assertThatThrownBy(() -> Prompts.read(file, slice(0, 4)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("3 distinct");
    }

    @Test
    void rowWithoutTheFieldIsNamedByItsNumber() throws IOException {
        DataSource file = file("{\"text\":\"a\"}\n\n{\"txt\":\"b\"}\n");
        assertThatThrownBy(() -> eligible(file, spec(null, null))).hasMessageContaining("Line 3");
    }

    @Test
    void wrongEncodingIsRefused() throws IOException {
        DataSource file = file("");
        Files.write(file.file(), "{\"text\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> eligible(file, spec(null, null))).hasMessageContaining("not UTF-8");
    }

    @Test
    void missingFileIsRefused() {
        assertThatThrownBy(() -> eligible(DataSource.of(directory.resolve("none.jsonl"), REVISION), spec(null, null)))
                .hasMessageContaining("no data file");
    }

    private DataSource numbered(int rows) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            lines.append("{\"text\":\"prompt ").append(i).append("\"}\n");
        }
        return file(lines.toString());
    }

    private DataSource file(String content) throws IOException {
        return DataSource.of(Files.writeString(directory.resolve("data.jsonl"), content), REVISION);
    }

    private static PromptSpec spec(Filter where, PromptSpec.Prefix prefix) {
        return new PromptSpec("data.jsonl", "text", where, prefix, "{text}");
    }

    private static PromptSlice slice(int offset, int count) {
        return new PromptSlice(REVISION, "text", null, null, "{text}", 7, offset, count);
    }

    @Test
    void templateGoesAroundThePrompt() throws IOException {
        DataSource file = file("{\"text\":\"a\"}\n");
        PromptSpec spec = new PromptSpec("data.jsonl", "text", null, null, "Respond to: {text}");
        assertThat(eligible(file, spec)).isEqualTo(List.of("Respond to: a"));
    }

    private static List<String> eligible(DataSource source, PromptSpec spec) {
        List<String> prompts = new ArrayList<>();
        Prompts.forEach(source, spec, prompts::add);
        return prompts;
    }
}
