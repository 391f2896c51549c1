package io.goodhart.modelfiles.tokenize;

import java.util.BitSet;
import java.util.stream.IntStream;

/** Two texts as tokens in one sequence, with the tokens that the model expects around and between them. */
public final class EncodedPair {
    private final int[] ids;
    private final int[] types;
    private final BitSet special;
    private final int firstLength;

    /**
     * A pair.
     *
     * @param types the model's number of each token's text
     * @param special the tokens that are part of neither text
     * @param firstLength number of tokens of the first text
     */
    EncodedPair(int[] ids, int[] types, BitSet special, int firstLength) {
        this.ids = ids;
        this.types = types;
        this.special = special;
        this.firstLength = firstLength;
    }

    /** All ids; a copy. */
    public int[] ids() {
        return ids.clone();
    }

    /** For each token the number that the model gives its text; a copy. */
    public int[] types() {
        return types.clone();
    }

    /** Number of tokens. */
    public int size() {
        return ids.length;
    }

    /** The same with the longer text cut at its end until no more than this many tokens are left, then both in turn. */
    public EncodedPair truncated(int maxLength) {
        if (ids.length <= maxLength) {
            return this;
        }
        int secondLength = ids.length - special.cardinality() - firstLength;
        int room = maxLength - special.cardinality();
        if (room < 2) {
            throw new IllegalArgumentException(
                    "Need room for %d added tokens and a pair, got %d".formatted(special.cardinality(), maxLength));
        }
        int shorter = Math.min(firstLength, secondLength);
        int kept = Math.min(shorter, room / 2);
        int first = firstLength <= secondLength ? kept : room - kept;
        int[] places = places(first, room - first);
        BitSet stillSpecial = new BitSet();
        IntStream.range(0, places.length).filter(i -> special.get(places[i])).forEach(stillSpecial::set);
        return new EncodedPair(pick(ids, places), pick(types, places), stillSpecial, first);
    }

    private int[] places(int first, int second) {
        int[] seen = {0};
        return IntStream.range(0, ids.length)
                .filter(i -> {
                    if (special.get(i)) {
                        return true;
                    }
                    int place = seen[0]++;
                    return place < firstLength ? place < first : place - firstLength < second;
                })
                .toArray();
    }

    private static int[] pick(int[] values, int[] places) {
        return IntStream.of(places).map(place -> values[place]).toArray();
    }
}
