package io.goodhart.tensor;

/** Query heads and the fewer key/value heads they share. */
final class Heads {
    private Heads() {}

    static void check(Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK) {
        Axes axes = new Axes()
                .bind("B H T K", queriesBHTK)
                .bind("B G S K", keysBGSK)
                .bind("B G S *", valuesBGSK);
        if (axes.size("H") % axes.size("G") != 0) {
            throw new ShapeMismatchException(
                    "%d query heads do not share %d key/value heads evenly".formatted(axes.size("H"), axes.size("G")));
        }
    }

    /** Repeats each key/value head for its group of query heads: [B,G,S,K] -> [B,H,S,K]. */
    static Tensor repeated(Tensor groupsBGSK, int heads) {
        long groups = groupsBGSK.size(1);
        if (groups == heads) {
            return groupsBGSK;
        }
        if (groups == 1) {
            return groupsBGSK.expand(-1, heads, -1, -1);
        }
        long[] shape = groupsBGSK.shape();
        return groupsBGSK
                .unsqueeze(2)
                .expand(shape[0], groups, heads / groups, shape[2], shape[3])
                .reshape(shape[0], heads, shape[2], shape[3]);
    }
}
