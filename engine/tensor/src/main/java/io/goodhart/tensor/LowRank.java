package io.goodhart.tensor;

/**
 * A matrix scale·B·A of rank R.
 *
 * @param downRI A
 * @param upOR B
 */
public record LowRank(Tensor downRI, Tensor upOR, double scale) {
    void check(Tensor x, Tensor weightOI) {
        new Axes()
                .bind("O I", weightOI)
                .bind("I", x.size(-1))
                .bind("R I", downRI)
                .bind("O R", upOR);
    }
}
