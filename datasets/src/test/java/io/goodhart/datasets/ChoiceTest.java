package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.PromptSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are read again by their ranks are those that would have been chosen with all texts in memory. */
class ChoiceTest {
    private static final int FILES = 60;
    private static final int ROWS = 120; // of some 60 distinct texts

    @TempDir
    private Path directory;

    private DataSource file = new DataSource(Path.of(""), "", DataFormat.CSV);
    private SplittableRandom random = new SplittableRandom(0);

    @Test
    void promptsAreThoseOfTheRule() throws IOException {
        for (int seed = 0; seed < FILES; seed++) {
            write(seed);
            PromptSlice slice = promptSlice(random.nextInt(12), 1 + random.nextInt(8));

            List<Prompt> expected = ChoiceInMemory.prompts(file, slice);

            assertThat(Prompts.read(file, slice)).isEqualTo(expected);
            assertThat(Prompts.fingerprints(file, slice))
                    .isEqualTo(expected.stream()
                            .map(prompt -> ChoiceInMemory.fingerprint(prompt.text()))
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void textsAreThoseOfTheRule() throws IOException {
        for (int seed = 0; seed < FILES; seed++) {
            write(seed);
            TextSlice slice = textSlice(8, random.nextBoolean());

            List<Text> expected = ChoiceInMemory.texts(file, slice);

            assertThat(expected).hasSize(8);
            assertThat(Texts.read(file, slice)).isEqualTo(expected);
            assertThat(Texts.fingerprints(file, slice)).isEqualTo(fingerprints(expected));
        }
    }

    @Test
    void partsOfDistinctTextsAreThoseOfTheRule() throws IOException {
        for (int seed = 0; seed < FILES; seed++) {
            write(seed);
            TextPart part = new TextPart(textSlice(8, random.nextBoolean()), 2 * random.nextInt(3));

            List<Text> expected = ChoiceInMemory.texts(file, part);

            assertThat(expected).hasSize(part.count());
            assertThat(Texts.read(file, part)).isEqualTo(expected);
        }
    }

    @Test
    void pairsAreThoseOfTheRule() throws IOException {
        for (int seed = 0; seed < FILES; seed++) {
            write(seed);
            PromptSlice excluding = random.nextBoolean() ? promptSlice(0, 5) : null;
            PairSlice slice =
                    new PairSlice(revision(), "prompt", "chosen", "rejected", where(), random.nextLong(), 9, excluding);

            List<Preference> expected = ChoiceInMemory.pairs(file, slice);

            assertThat(expected).hasSize(9);
            assertThat(Preferences.read(file, slice)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0",
                "' '|0",
                "a|1",
                "' a\tb\n\nc '|3",
                "'a\u00a0b c'|2",
                "'\u2003a b\u2003'|2",
                "'a\u000bb\fc\r\nd\u0085e'|4"
            })
    void wordsArePartedAsBySplitting(String text, int count) {
        assertThat(Words.count(text)).isEqualTo(count);
        assertThat(Words.fingerprint(text)).isEqualTo(ChoiceInMemory.fingerprint(text));
        assertThat(Words.first(count, text)).hasSize(count).noneMatch(word -> word.contains(" "));
    }

    @Test
    void fileThatLosesRowsWhileItIsReadIsRefused() throws IOException {
        write(3);
        EligibleRows rows = EligibleRows.of(file, _ -> true);
        Files.writeString(file.file(), "id,prompt,chosen,rejected,score\n1,a,b,c,0\n");

        assertThatThrownBy(() -> rows.read(new int[] {0, ROWS - 1}, (_, row) -> row.id()))
                .hasMessageContaining("has changed while it was read");
    }

    /** A file with texts that are equal, that differ in white space only, and that have line ends, quotes and commas. */
    private void write(int seed) throws IOException {
        random = new SplittableRandom(seed);
        file = new DataSource(directory.resolve("rows.csv"), "rows.csv", DataFormat.CSV);
        StringBuilder rows = new StringBuilder("id,prompt,chosen,rejected,score\n");
        for (int i = 0; i < ROWS; i++) {
            String space = List.of(" ", "  ", "\n", " \t", ", \"\"and\"\" ").get(random.nextInt(5));
            String text = random.nextInt(15) == 0 ? "" : space + "text" + space + random.nextInt(40) + space + "end";
            rows.append("r%d,\"%s\",\"%s+\",\"%s-\",%s%n".formatted(i, text, text, text, random.nextInt(10) / 10.0));
        }
        Files.writeString(file.file(), rows);
    }

    private static DatasetRevision revision() {
        return DatasetRevision.ofFile("rows.csv", "a".repeat(64));
    }

    /** Rows with a score and a text. */
    private static Filter where() {
        Filter filled = new Filter("prompt", null, null, null, null, 1, null, null, null, null);
        return new Filter("score", 0.1, null, null, null, null, null, null, null, List.of(filled));
    }

    private PromptSlice promptSlice(int offset, int count) {
        PromptSpec.@Nullable Prefix prefix = random.nextBoolean() ? null : new PromptSpec.Prefix(1, 2, 1);
        return new PromptSlice(
                revision(),
                "prompt",
                null,
                prefix,
                "Say {text}",
                random.nextLong(),
                prefix == null ? offset : 0,
                prefix == null ? count : 1);
    }

    private TextSlice textSlice(int count, boolean balanced) {
        TextSlice others =
                new TextSlice(revision(), "prompt", null, null, null, false, random.nextLong(), 6, null, null);
        PromptSlice prompts = new PromptSlice(revision(), "prompt", null, null, "{text}", random.nextLong(), 1, 4);
        return new TextSlice(
                revision(),
                "prompt",
                "score",
                null,
                random.nextBoolean() ? where() : null,
                balanced,
                random.nextLong(),
                count,
                random.nextBoolean() ? others : null,
                random.nextBoolean() ? prompts : null);
    }

    private static Set<Long> fingerprints(List<Text> texts) {
        return texts.stream()
                .map(text -> ChoiceInMemory.fingerprint(text.text()))
                .collect(Collectors.toSet());
    }
}
