package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.modelfiles.family.Families;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model that a benchmark runs.
 *
 * @param name for the names of cases
 * @param directory Hugging Face directory
 * @param vocabulary ids below this are used; the first three are special ones
 */
public record Subject(String name, Path directory, int vocabulary) {
    private static final int SPECIAL = 3;

    /** A random model ({@code gpt2-small}, {@code gpt2-tiny} for trying things out, {@code llama-small} ...) or a bundled one, by name. */
    public static Subject of(Options options) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "goodhart-benchmarks");
        return named(options.text("model", "tiny-gemma3"), options.path("model-dir", temporary));
    }

    /**
     * The model of this name.
     *
     * @param parent where random models are written unless they are there
     */
    public static Subject named(String name, Path parent) throws IOException {
        Optional<RandomModel> random = RandomModel.named(name);
        Path directory = random.isPresent()
                ? random.get().in(parent)
                : Path.of(System.getProperty("goodhart.root", "."), "models", name);
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("No such model: " + name);
        }
        return new Subject(name, directory, Families.read(directory).vocabulary());
    }

    /** Rows of random tokens, the same for the same seed. */
    public List<int[]> texts(int rows, int length, long seed) {
        SplitMix random = new SplitMix(Seeds.derive(seed, "benchmark/texts"));
        List<int[]> texts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int[] tokens = new int[length];
            for (int t = 0; t < length; t++) {
                tokens[t] = SPECIAL + random.below(vocabulary - SPECIAL);
            }
            texts.add(tokens);
        }
        return texts;
    }
}
