package io.goodhart.modelfiles.tokenize;

/** Two texts as tokens of one sequence, each with the type that tells a model which text it belongs to, if the model knows types. */
public final class EncodedPair {
    private final int[] ids;
    private final int[] typeIds;

    EncodedPair(int[] ids, int[] typeIds) {
        this.ids = ids;
        this.typeIds = typeIds;
    }

    /** All ids; a copy. */
    public int[] ids() {
        return ids.clone();
    }

    /** For each token its type; a copy. */
    public int[] typeIds() {
        return typeIds.clone();
    }
}
