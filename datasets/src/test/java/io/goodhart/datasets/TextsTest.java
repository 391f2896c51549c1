package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.LabelRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {
    private static final int ROWS = 60; // every sixth is negative: 50 positive, 10 negative

    @TempDir
    private Path directory;

    private DataSource file = new DataSource(Path.of(""), "", DataFormat.JSON_LINES);

    @BeforeEach
    void write() throws IOException {
        file = new DataSource(directory.resolve("texts.jsonl"), "texts.jsonl", DataFormat.JSON_LINES);
        Files.writeString(
                file.file(),
                IntStream.range(0, ROWS)
                        .mapToObj(i -> "{\"text\": \"text %d\", \"toxic\": %d}".formatted(i, i % 6 == 0 ? 0 : 1))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void balancedTextsAreHalfOfEachClassAndDistinct() {
        List<Text> texts = Texts.read(file, slice(20, true));

        assertThat(texts).hasSize(20).doesNotHaveDuplicates();
        assertThat(texts.stream().filter(text -> text.positive().equals(Optional.of(true))))
                .hasSize(10);
    }

    @Test
    void balancedTextsAreTheFirstOfEachClassInTheSeedsOrder() {
        List<Text> all = Texts.read(file, slice(ROWS, false));

        List<Text> balanced = Texts.read(file, slice(8, true));

        for (boolean positive : new boolean[] {true, false}) {
            assertThat(ofClass(balanced, positive))
                    .isEqualTo(ofClass(all, positive).subList(0, 4));
        }
    }

    @Test
    void tooFewTextsOfAClassAreRefused() {
        assertThatThrownBy(() -> Texts.read(file, slice(22, true)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("11 of each");
    }

    @Test
    void refusalOfABrokenRowQuotesNothingOfIt() throws IOException {
        Files.writeString(file.file(), "{\"text\": \"fine\", \"toxic\": 1}\n{\"text\": secret}\n");

        assertThatThrownBy(() -> Texts.read(file, slice(2, false)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Line 2 of texts.jsonl is not JSON, at column")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void excludedTextsAreNotDrawnWhateverWhiteSpaceTheyHave() throws IOException {
        Files.writeString(
                file.file(),
                "{\"text\": \"a b\", \"toxic\": 0}\n{\"text\": \"a  b\", \"toxic\": 0}\n"
                        + "{\"text\": \"c\", \"toxic\": 0}\n{\"text\": \"d\", \"toxic\": 1}\n");
        TextSlice all = slice(1, false);
        TextSlice first = new TextSlice(all.dataset(), "text", null, null, null, false, 0, 1, null, null);
        String excluded = Texts.read(file, first).getFirst().text();
        TextSlice others = new TextSlice(all.dataset(), "text", null, null, null, false, 9, 2, first, null);

        assertThat(Texts.read(file, others))
                .extracting(text -> Words.fingerprint(text.text()))
                .hasSize(2)
                .doesNotContain(Words.fingerprint(excluded));
        TextSlice tooMany = new TextSlice(all.dataset(), "text", null, null, null, false, 9, 4, first, null);
        assertThatThrownBy(() -> Texts.read(file, tooMany))
                .hasMessageContaining("4 are needed beside those that are read elsewhere");
    }

    @Test
    void partsThatDoNotOverlapAreDisjointAndBalancedOnesAlternate() {
        List<Text> texts = new ArrayList<>();
        for (int from = 0; from < 20; from += 4) {
            List<Text> part = Texts.read(file, new TextPart(slice(from + 4, true), from));
            assertThat(part)
                    .extracting(text -> text.positive().orElseThrow())
                    .containsExactly(true, false, true, false);
            texts.addAll(part);
        }
        assertThat(texts)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Texts.read(file, slice(20, true)));
        assertThat(Texts.read(file, new TextPart(slice(20, true), 0))).isEqualTo(texts);
    }

    @Test
    void equalTextsAreInOnePartOnlyWithTheFirstOnesLabel() throws IOException {
        Files.writeString(
                file.file(),
                "{\"text\": \"a b\", \"toxic\": 0}\n{\"text\": \"a  b\", \"toxic\": 1}\n{\"text\": \"c\", \"toxic\": 1}\n");

        List<Text> texts = Texts.read(file, new TextPart(slice(2, false), 0));

        assertThat(texts).hasSize(2).contains(new Text("1", "a b", Optional.of(false)));
        assertThatThrownBy(() -> Texts.read(file, new TextPart(slice(3, false), 2)))
                .hasMessageContaining("has 2 texts that fit, 3 are needed");
    }

    private void writeMoods(String... moods) throws IOException {
        Files.writeString(
                file.file(),
                IntStream.range(0, moods.length)
                        .mapToObj(i -> "{\"text\": \"text %d\", \"mood\": %s}".formatted(i, moods[i]))
                        .collect(Collectors.joining("\n")));
    }

    private List<Boolean> positive(String... labels) {
        return positive(new LabelRule("mood", List.of(labels)));
    }

    private List<Boolean> positive(LabelRule rule) {
        List<Boolean> positive = new ArrayList<>();
        Texts.forEach(
                file,
                new TextQuery("text", rule, null),
                text -> positive.add(text.positive().orElseThrow()));
        return positive;
    }

    @Test
    void labelsThatAreWordsArePositiveByName() throws IOException {
        writeMoods("\"Wild\"", "\"calm\"", "\"wild\"", "\"angry\"", "3", "true", "\"Wilder\"");

        assertThat(positive("Wild")).containsExactly(true, false, false, false, false, false, false);
        assertThat(positive("angry", "Wild")).containsExactly(true, false, false, true, false, false, false);
        assertThat(positive("3", "true")).containsExactly(false, false, false, false, true, true, false);
    }

    @Test
    void labelsThatAreNumbersArePositiveFromOneHalfOn() throws IOException {
        writeMoods("0.5", "0.49", "1", "0");

        assertThat(positive(new LabelRule("mood", null))).containsExactly(true, false, true, false);
    }

    @Test
    void aLabelThatNoTextHasIsRefusedWithThoseThatThereAre() throws IOException {
        writeMoods("\"Wild\"", "\"calm\"", "\"calm\"");

        assertThatThrownBy(() -> positive("wild"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("No text of texts.jsonl has the label wild in field 'mood'")
                .hasMessageContaining("did you mean Wild? The labels are Wild (1), calm (2)")
                .extracting(e -> ((InvalidInputException) e).code())
                .isEqualTo("unknown_label");
    }

    @Test
    void wordsWithoutPositiveOnesAreRefusedWithWhatToDo() throws IOException {
        writeMoods("\"calm\"", "\"Wild\"");
        TextQuery numbers = new TextQuery("text", new LabelRule("mood", null), null);

        assertThatThrownBy(() -> Texts.forEach(file, numbers, _ -> {}))
                .hasMessageContaining("Line 1 of texts.jsonl has no number in field 'mood'")
                .hasMessageContaining("Say with positive which labels")
                .hasMessageContaining("the labels are Wild (1), calm (1)");
    }

    @Test
    void labelsThatLookLikeTextsAreNotQuoted() throws IOException {
        writeMoods('"' + "word ".repeat(20) + '"', "\"calm\"");

        assertThatThrownBy(() -> positive("caln"))
                .hasMessageContaining("too many or too long to be listed")
                .hasMessageNotContaining("word")
                .hasMessageNotContaining("calm");
        writeMoods(
                IntStream.range(0, 40).mapToObj(i -> "\"mood %d\"".formatted(i)).toArray(String[]::new));
        assertThatThrownBy(() -> positive("calm")).hasMessageNotContaining("mood 1");
        assertThat(positive("mood 39")).contains(true);
    }

    @Test
    void textWithoutALabelIsRefused() throws IOException {
        writeMoods("\"calm\"", "null");

        assertThatThrownBy(() -> positive("calm")).hasMessageContaining("Line 2 of texts.jsonl has no label");
    }

    private static List<Text> ofClass(List<Text> texts, boolean positive) {
        return texts.stream()
                .filter(text -> text.positive().equals(Optional.of(positive)))
                .toList();
    }

    private static TextSlice slice(int count, boolean balanced) {
        return new TextSlice(
                DatasetRevision.ofFile("texts.jsonl", "a".repeat(64)),
                "text",
                "toxic",
                null,
                null,
                balanced,
                5,
                count,
                null,
                null);
    }
}
