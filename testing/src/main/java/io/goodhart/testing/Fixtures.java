package io.goodhart.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds reference values and small models. The project carries a compact part in {@code fixtures/}; the whole set lies in
 * {@code ../shared/fixtures} where continuous integration runs.
 */
public final class Fixtures {
    private static final Path ROOT =
            Path.of(System.getProperty("goodhart.root", ".")).toAbsolutePath().normalize();

    private Fixtures() {}

    /** The project's root directory. */
    public static Path root() {
        return ROOT;
    }

    /**
     * A folder or file of the compact part, for example {@code lm/gemma3}.
     *
     * @throws IllegalArgumentException if the project does not carry it
     */
    public static Path path(String relative) {
        Path path = ROOT.resolve("fixtures").resolve(relative);
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("No fixture " + path + "; is goodhart.root set?");
        }
        return path;
    }

    /** A folder or file of the whole set if that lies beside the project, else the compact part's copy, if there is one. */
    public static Optional<Path> find(String relative) {
        Path compact = ROOT.resolve("fixtures").resolve(relative);
        return whole(relative).or(() -> Optional.of(compact).filter(Files::exists));
    }

    /** A folder or file of the whole set, if that lies beside the project. */
    public static Optional<Path> whole(String relative) {
        return beside("fixtures", relative);
    }

    /** A data file of the whole set, if that lies beside the project. */
    public static Optional<Path> data(String name) {
        return beside("data", name);
    }

    private static Optional<Path> beside(String folder, String relative) {
        return Optional.of(ROOT.resolveSibling("shared").resolve(folder).resolve(relative))
                .filter(Files::exists);
    }

    /** A bundled model such as {@code tiny-gemma3}. */
    public static Path model(String name) {
        return ROOT.resolve("models").resolve(name);
    }
}
