package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Preference pairs whose prompts are equally long and whose completions, all ended by token 0, are not. */
record RaggedPairs(List<PreferencePair> pairs) {
    private static final int SHORTEST = 16;
    private static final int END = 0;

    RaggedPairs {
        pairs = List.copyOf(pairs);
    }

    static RaggedPairs of(Options options, Subject subject) {
        int count = options.number("pairs", 32);
        int prompt = options.number("prompt-tokens", 64);
        int longest = options.number("completion-tokens", 64);
        SplitMix random = new SplitMix(Seeds.derive(1, "benchmark/ragged-lengths"));
        List<int[]> texts = subject.texts(3 * count, Math.max(prompt, longest), 1);
        List<PreferencePair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new PreferencePair(
                    TokenIds.of(Arrays.copyOf(texts.get(3 * i), prompt)),
                    completion(texts.get(3 * i + 1), longest, random),
                    completion(texts.get(3 * i + 2), longest, random)));
        }
        return new RaggedPairs(pairs);
    }

    private static TokenIds completion(int[] text, int longest, SplitMix random) {
        int length = Math.min(SHORTEST, longest) + random.below(Math.max(1, longest - SHORTEST + 1));
        int[] completion = Arrays.copyOf(text, length);
        completion[length - 1] = END;
        return TokenIds.of(completion);
    }

    /** The prompts with the chosen completions. */
    List<TextExample> texts() {
        return pairs.stream()
                .map(pair -> new TextExample(
                        pair.prompt().followedBy(pair.chosen()), pair.prompt().length()))
                .toList();
    }

    /** Writes all as JSON, for the peer. */
    Path writeTo(Path directory) throws IOException {
        String json = pairs.stream()
                .map(pair -> "{\"prompt\": %s, \"chosen\": %s, \"rejected\": %s}"
                        .formatted(
                                Arrays.toString(pair.prompt().toArray()),
                                Arrays.toString(pair.chosen().toArray()),
                                Arrays.toString(pair.rejected().toArray())))
                .collect(Collectors.joining(",\n", "[", "]"));
        return Files.writeString(directory.resolve("pairs.json"), json);
    }
}
