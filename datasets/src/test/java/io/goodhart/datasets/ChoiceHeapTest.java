package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.testing.SmallHeap;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceHeapTest {
    private static final int HEAP_MEGABYTES = 14;
    private static final int ROWS = 1000;
    private static final int CHARACTERS = 20_000; // so that the texts are larger than the heap, one byte a character

    @TempDir
    private Path directory;

    @Test
    void rowsAreChosenOutOfAFileThatIsLargerThanTheHeap() throws Exception {
        Path file = directory.resolve("large.csv");
        String end = "long".repeat(CHARACTERS / 4);
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write("text,other,label\n");
            for (int i = 0; i < ROWS; i++) {
                writer.write("\"%d%n%s\",b,%d%n".formatted(i, end, i % 2));
            }
        }

        assertThat(SmallHeap.run(HEAP_MEGABYTES, Child.class, file.toString()))
                .isEqualTo("1000 prompts, 1000 texts, 1000 pairs; 20 20 10 20 20");
    }

    /** Counts and chooses. */
    static final class Child {
        private static final DatasetRevision REVISION = DatasetRevision.ofFile("large.csv", "a".repeat(64));

        private Child() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            DataSource source = new DataSource(Path.of(arguments[0]), "large.csv", DataFormat.CSV);
            PromptSlice prompts = new PromptSlice(REVISION, "text", null, null, "{text}", 1, 0, 20);
            TextSlice texts = new TextSlice(REVISION, "text", "label", null, null, true, 2, 20, null, prompts);
            PairSlice pairs = new PairSlice(REVISION, "text", "label", "other", null, 3, 20, prompts);
            int[] counts = new int[3];
            Prompts.forEach(source, new PromptSpec("large.csv", "text", null, null, "{text}"), _ -> counts[0]++);
            Texts.forEach(source, new TextQuery("text", null, null), _ -> counts[1]++);
            Preferences.forEach(source, pairs, _ -> counts[2]++);
            System.out.printf(
                    "%d prompts, %d texts, %d pairs; %d %d %d %d %d%n",
                    counts[0],
                    counts[1],
                    counts[2],
                    Prompts.read(source, prompts).size(),
                    Texts.read(source, texts).size(),
                    Texts.read(source, new TextPart(texts, 10)).size(),
                    Preferences.read(source, pairs).size(),
                    Texts.fingerprints(source, texts).size());
        }
    }
}
