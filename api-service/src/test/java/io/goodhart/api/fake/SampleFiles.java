package io.goodhart.api.fake;

import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A files root with small models, broken ones among them, and data. */
public final class SampleFiles {
    private static final List<String> MODELS = List.of(
            "gemma3",
            "roberta",
            "broken-extra-key",
            "broken-missing-key",
            "broken-truncated",
            "broken-unsupported-architecture",
            "broken-wrong-shape");
    private static final int ROWS = 400;
    private static final Path ROOT = create();

    private SampleFiles() {}

    /** Made once for all tests of a JVM. */
    public static Path root() {
        return ROOT;
    }

    private static Path create() {
        try {
            Path root = Files.createTempDirectory("goodhart-api-files");
            for (String model : MODELS) {
                copy(Fixtures.path("lm/" + model), root.resolve("models").resolve(model));
            }
            Path data = Files.createDirectories(root.resolve("data"));
            Files.writeString(data.resolve("sentences.jsonl"), rows(ROWS, "The %d. river runs to the sea"));
            Files.writeString(data.resolve("few.jsonl"), rows(20, "The %d. river runs to the sea"));
            Files.writeString(data.resolve("empty.jsonl"), "");
            Files.writeString(data.resolve("terms.txt"), "# polite words\nplease\nthank you\n");
            Files.writeString(data.resolve("long.jsonl"), rows(ROWS, "river ".repeat(200) + "%d"));
            Files.writeString(data.resolve("broken.jsonl"), rows(3, "The %d. river") + "{\"text\": \n");
            Files.createSymbolicLink(data.resolve("escape.jsonl"), Path.of("/etc/hostname"));
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rows(int count, String text) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\": %d, \"text\": \"%s\", \"label\": %d, \"mood\": \"%s\"}\n"
                        .formatted(i, text.formatted(i), i % 2, i % 2 == 0 ? "calm" : "Wild"))
                .collect(Collectors.joining());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("expected"))
                    .toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
