package io.goodhart.probing.fit;

import io.goodhart.probing.Standardiser;
import io.goodhart.probing.TokenActivations;
import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;

/**
 * Standardised activations of N texts, M tokens in all, as tensors in float64: tokens packed, and how they fall into texts.
 *
 * @param zMD tokens, one text after the other
 * @param placeNT number of token t of text n, flat [N·T]; 0 where the text is shorter
 * @param paddingNT true where the text is shorter
 */
record TextBatch(Tensor zMD, Tensor placeNT, Tensor paddingNT) {
    /** Belongs to the innermost scope. */
    static TextBatch of(TokenActivations texts, Standardiser standardiser) {
        int longest = texts.longest();
        long[] place = new long[Math.multiplyExact(texts.n(), longest)];
        boolean[] padding = new boolean[place.length];
        for (int n = 0; n < texts.n(); n++) {
            for (int t = 0; t < longest; t++) {
                boolean there = t < texts.tokens(n);
                place[n * longest + t] = there ? texts.from(n) + t : 0;
                padding[n * longest + t] = !there;
            }
        }
        Tensor xMD =
                Tensors.of(texts.rows().valuesND(), texts.rows().n(), texts.d()).to(DataType.FLOAT64);
        Tensor meanD = Tensors.of(standardiser.mean().toArray(), texts.d());
        Tensor scaleD = Tensors.of(standardiser.scale().toArray(), texts.d());
        return new TextBatch(
                xMD.minus(meanD).dividedBy(scaleD),
                Tensors.of(place, place.length),
                Tensors.of(padding, texts.n(), longest));
    }

    /** From a number for each token and head [M,H] to [N,T,H]. */
    Tensor padded(Tensor valuesMH) {
        long heads = valuesMH.size(1);
        return valuesMH.indexSelect(0, placeNT).reshape(paddingNT.size(0), paddingNT.size(1), heads);
    }

    /** As {@link #padded}, −∞ where a text is shorter. */
    Tensor paddedBelow(Tensor valuesMH) {
        Tensor valuesNTH = padded(valuesMH);
        Tensor mask = paddingNT.unsqueeze(2).expand(valuesNTH.shape());
        return valuesNTH.maskedFill(mask, Double.NEGATIVE_INFINITY);
    }
}
