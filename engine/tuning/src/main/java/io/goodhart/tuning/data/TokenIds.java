package io.goodhart.tuning.data;

import java.util.Arrays;

/** An immutable sequence of token ids. */
public final class TokenIds {
    private final int[] ids;

    private TokenIds(int[] ids) {
        this.ids = ids;
    }

    public static TokenIds of(int... ids) {
        for (int id : ids) {
            if (id < 0) {
                throw new IllegalArgumentException("A token id is not negative, got " + id);
            }
        }
        return new TokenIds(ids.clone());
    }

    public int length() {
        return ids.length;
    }

    public int at(int index) {
        return ids[index];
    }

    /** This sequence with another one behind it. */
    public TokenIds followedBy(TokenIds next) {
        int[] joined = Arrays.copyOf(ids, ids.length + next.ids.length);
        System.arraycopy(next.ids, 0, joined, ids.length, next.ids.length);
        return new TokenIds(joined);
    }

    public int[] toArray() {
        return ids.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "TokenIds[length=%d, hash=%08x]".formatted(ids.length, hashCode());
    }
}
