package io.goodhart.lm.generate;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.lm.hook.HookPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A response while it grows, with a source of randomness of its own. */
final class Sequence {
    private final Prompt prompt;
    private final int sample;
    private final int place;
    private final SplitMix random;
    private final int[] tokens;
    private int length;
    private OptionalInt stopId = OptionalInt.empty();

    /**
     * An empty response.
     *
     * @param place where the response goes in the result
     */
    Sequence(Prompt prompt, int sample, int place, GenerationSettings settings) {
        this.prompt = prompt;
        this.sample = sample;
        this.place = place;
        this.tokens = new int[settings.maxNewTokens()];
        this.random = new SplitMix(
                Seeds.derive(settings.seed(), "generate/prompt %d/sample %d".formatted(prompt.index(), sample)));
    }

    /**
     * The responses of a call, those to long prompts first: later ones then fit into the width that is there. Responses to one
     * prompt stay together.
     */
    static List<Sequence> of(List<Prompt> prompts, GenerationSettings settings) {
        List<Sequence> sequences = new ArrayList<>();
        for (Prompt prompt : prompts) {
            for (int sample = 0; sample < settings.samples(); sample++) {
                sequences.add(new Sequence(prompt, sample, sequences.size(), settings));
            }
        }
        sequences.sort(Comparator.comparingInt(
                        (Sequence sequence) -> -sequence.prompt().length())
                .thenComparingInt(Sequence::place));
        return sequences;
    }

    Prompt prompt() {
        return prompt;
    }

    int place() {
        return place;
    }

    double nextUniform() {
        return random.uniform();
    }

    void draw(int token, GenerationSettings settings) {
        if (settings.stopIds().contains(token)) {
            stopId = OptionalInt.of(token);
        } else {
            tokens[length++] = token;
        }
    }

    /** Whether no further token is to be drawn. */
    boolean isComplete() {
        return stopId.isPresent() || length == tokens.length;
    }

    /** Whether a token has been drawn whose activation has not been computed yet: not so for one that ended the response. */
    boolean endsUnread() {
        return stopId.isEmpty();
    }

    int lastToken() {
        return tokens[length - 1];
    }

    int length() {
        return length;
    }

    Generation finish(Map<HookPoint, float[]> pooled) {
        return new Generation(prompt.index(), sample, Arrays.copyOf(tokens, length), stopId, pooled);
    }
}
