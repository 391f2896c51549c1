package io.goodhart.trainer.scorer;

import io.goodhart.domain.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A judge's scores by the hash of the text, in a file that only grows: one line per text, its sha256 and the score. Several processes
 * may write at once, because a line is appended in one write; a torn line is skipped, with what was appended to it. Holds no text.
 */
final class JudgeCache {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})\\t([0-9][0-9.E-]{0,30});");

    private final Path file;
    private final Map<String, Double> scores = new HashMap<>();

    private JudgeCache(Path file) {
        this.file = file;
    }

    /** The cache of one judge in one version. */
    static JudgeCache open(Path directory, String judge, String version) {
        Path file = directory.resolve(judge + "-" + Hashes.sha256(version).substring(0, 16) + ".tsv");
        JudgeCache cache = new JudgeCache(file);
        try {
            Files.createDirectories(directory);
            if (Files.exists(file)) {
                try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                    lines.forEach(cache::load);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cache;
    }

    private void load(String line) {
        Matcher entry = LINE.matcher(line);
        if (entry.matches()) {
            scores.put(entry.group(1), Double.valueOf(entry.group(2)));
        }
    }

    OptionalDouble score(String text) {
        Double score = scores.get(Hashes.sha256(text));
        return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    void keep(List<String> texts, double[] found) {
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < found.length; n++) {
            String hash = Hashes.sha256(texts.get(n));
            scores.put(hash, found[n]);
            lines.append(hash).append('\t').append(found[n]).append(";\n");
        }
        try {
            Files.writeString(
                    file, lines, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
