package io.goodhart.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be told of tests from their sources alone. */
class TestSourcesTest {
    private static final Pattern MARK =
            Pattern.compile("@(Disabled|Enabled)\\w*|\\bassume(That|True|False)\\(|PythonClient\\.");
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)[^`]*` \\|", Pattern.MULTILINE);

    @Test
    void everyTestThatMayBeSkippedStandsInTheDocument() throws IOException {
        assertThat(listed()).isEqualTo(tests(path -> MARK.matcher(read(path)).find()));
    }

    @Test
    void onlyIntegrationTestsStartAWholeContext() throws IOException {
        Pattern start = Pattern.compile(
                "^@SpringBootTest\\b.*?^(?:abstract |final )*class", Pattern.MULTILINE | Pattern.DOTALL);
        assertThat(tests(path -> start.matcher(read(path)).find())).allMatch(name -> name.matches(".*(IT|E2E)"));
    }

    private static Set<String> listed() {
        return ROW.matcher(read(Fixtures.root().resolve("docs/quarantine.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tests(Predicate<Path> wanted) throws IOException {
        try (Stream<Path> files = Files.walk(Fixtures.root())) {
            return files.filter(path -> path.toString().contains("/src/test/java/"))
                    .filter(path -> path.toString().matches(".*(Test|IT|E2E)\\.java"))
                    .filter(path -> !path.endsWith("TestSourcesTest.java"))
                    .filter(wanted)
                    .map(path -> path.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
