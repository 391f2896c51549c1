package io.goodhart.modelfiles.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * Token ids with a meaning of their own, from config.json and, where it says more, generation_config.json.
 *
 * @param beginning put in front of a text, if the model has such a token
 * @param ends each of them ends a generation; may be empty
 * @param padding what fills a batch, if the model has such a token
 */
public record SpecialTokens(OptionalInt beginning, List<Integer> ends, OptionalInt padding) {
    public SpecialTokens {
        ends = List.copyOf(ends);
    }

    /** One token for beginning and end each, none for padding. */
    public static SpecialTokens of(int beginning, int end) {
        return new SpecialTokens(OptionalInt.of(beginning), List.of(end), OptionalInt.empty());
    }

    /** One token for each. */
    public static SpecialTokens of(int beginning, int end, int padding) {
        return new SpecialTokens(OptionalInt.of(beginning), List.of(end), OptionalInt.of(padding));
    }

    /** None at all. */
    public static SpecialTokens none() {
        return new SpecialTokens(OptionalInt.empty(), List.of(), OptionalInt.empty());
    }
}
