package io.goodhart.lm.generate;

import java.util.ArrayList;
import java.util.List;

/** What a generation goes on from. */
public final class Prompt {
    private final long index;
    private final int[] tokens;

    private Prompt(long index, int[] tokens) {
        this.index = index;
        this.tokens = tokens;
    }

    /**
     * A prompt of the run.
     *
     * @param index its number within the run: with the seed and the sample's number it decides what is drawn, so that it must
     *     not depend on how the prompts are spread over calls or workers
     * @param tokens ids, at least one
     */
    public static Prompt of(long index, int[] tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("Prompt %d is empty".formatted(index));
        }
        return new Prompt(index, tokens.clone());
    }

    /** Prompts numbered from 0 in this order. */
    public static List<Prompt> numbered(List<int[]> prompts) {
        List<Prompt> result = new ArrayList<>();
        for (int[] tokens : prompts) {
            result.add(of(result.size(), tokens));
        }
        return result;
    }

    /** Its number within the run. */
    public long index() {
        return index;
    }

    /** Its ids; a copy. */
    public int[] tokens() {
        return tokens.clone();
    }

    /** Number of ids. */
    public int length() {
        return tokens.length;
    }
}
