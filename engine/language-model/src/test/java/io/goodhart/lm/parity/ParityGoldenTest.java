package io.goodhart.lm.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.modelfiles.family.Families;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every tensor of every family against transformers, and the table of docs/parity.md. That is written anew by
 * {@code ./mvnw -pl engine/language-model -am test -Dtest=ParityGoldenTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dgoodhart.parity=write}.
 */
class ParityGoldenTest {
    private static final Path TABLE = Fixtures.root().resolve("docs/parity.md");

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    /** The compact models, at least one for each family. */
    static List<Path> compact() throws IOException {
        try (Stream<Path> folders = Files.list(Fixtures.path("lm/small"))) {
            return folders.sorted().toList();
        }
    }

    @Test
    void everyFamilyHasACompactModel() throws IOException {
        Set<String> families = new TreeSet<>();
        for (Path folder : compact()) {
            families.add(Families.read(folder).family());
        }
        assertThat(families).containsExactlyInAnyOrderElementsOf(Families.names());
    }

    @ParameterizedTest
    @MethodSource("compact")
    void everyTensorOfACompactModelIsThatOfTheReference(Path folder) throws IOException {
        check(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "bert-multilabel",
                "distilbert",
                "distilbert-multilabel",
                "gemma2",
                "gemma3",
                "gpt2",
                "gpt2-bf16",
                "gpt2-fp16",
                "gpt2-openai-keys",
                "gpt_neox",
                "gpt_neox-sequential",
                "llama",
                "llama-rope3",
                "llama-sharded",
                "mistral",
                "qwen2",
                "qwen3",
                "roberta",
                "roberta-multilabel"
            })
    void everyTensorOfTheWholeSetIsThatOfTheReference(String name) throws IOException {
        Optional<Path> folder = Fixtures.find("lm/" + name);
        assumeTrue(folder.isPresent(), name + " is not in the compact part of the fixtures");
        check(folder.orElseThrow());
    }

    private static void check(Path folder) throws IOException {
        ParityReport report = Parity.of(folder, folder);
        assertThat(report.rows()).filteredOn(row -> !row.within()).isEmpty();
        assertThat(report.rows()).isNotEmpty();
        assertThat(report.unread()).isEmpty();
    }

    /** The bounds are not those of the machine that wrote the table, but ten times the noise of float32 itself. */
    @Test
    void thePublishedTableNamesEveryCompactModelAndItsBoundsHold() throws IOException {
        StringBuilder rows = new StringBuilder();
        List<String> published = Files.exists(TABLE) ? Files.readAllLines(TABLE) : List.of();
        for (Path folder : compact()) {
            ParityTable.Line line = ParityTable.Line.of(folder, Parity.of(folder, folder));
            rows.append(line.markdown());
            if (!ParityTable.isWritten()) {
                assertThat(published)
                        .filteredOn(text -> text.startsWith(line.beginning()))
                        .singleElement()
                        .satisfies(text -> line.requireWithin(text));
            }
        }
        if (ParityTable.isWritten()) {
            Files.writeString(TABLE, ParityTable.page(rows.toString()));
        }
    }
}
