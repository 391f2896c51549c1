package io.goodhart.lm.classifier;

/** Token ids of a text or a pair of texts, markers included, and to which of the two each belongs. */
public final class TypedTokens {
    private final int[] ids;
    private final int[] types;

    /**
     * Tokens with their types.
     *
     * @param types 0 or 1 for each token
     */
    public TypedTokens(int[] ids, int[] types) {
        if (ids.length == 0 || ids.length != types.length) {
            throw new IllegalArgumentException(
                    "Need at least one token and a type for each, got %d and %d".formatted(ids.length, types.length));
        }
        this.ids = ids.clone();
        this.types = types.clone();
    }

    /** Tokens of one text. */
    public static TypedTokens of(int[] ids) {
        return new TypedTokens(ids, new int[ids.length]);
    }

    int length() {
        return ids.length;
    }

    int id(int i) {
        return ids[i];
    }

    int type(int i) {
        return types[i];
    }
}
