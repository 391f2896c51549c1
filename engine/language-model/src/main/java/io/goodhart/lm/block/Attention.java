package io.goodhart.lm.block;

import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention with rotary or no positions, over everything before a token or a window of it.
 *
 * @param projection queries, keys and values
 * @param output the output projection
 * @param heads H
 * @param keyValueHeads G
 * @param dHead K
 * @param scale scores are multiplied by it
 * @param window a token sees itself and the window − 1 tokens before it; 0: everything before it
 * @param queryNorm over each query, before its rotation; null: none
 * @param keyNorm over each key, before its rotation; null: none
 * @param rotary null: positions are not this block's business
 */
public record Attention(
        Projection projection,
        Linear output,
        int heads,
        int keyValueHeads,
        int dHead,
        double scale,
        int window,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        @Nullable Rotary rotary) {
    /** Where queries, keys and values come from. */
    public sealed interface Projection {
        /** One module for each. */
        record Separate(Linear query, Linear key, Linear value) implements Projection {}

        /** One module for all three, side by side. */
        record Fused(Linear all) implements Projection {}
    }

    private record Parts(Tensor queriesBTQ, Tensor keysBTG, Tensor valuesBTG) {}

    Tensor apply(Tensor xBTD, int layer, Pass pass) {
        Parts parts = project(xBTD);
        Tensor queriesBHTK = place(queryNorm, split(parts.queriesBTQ(), heads), pass);
        Tensor keysBGTK = place(keyNorm, split(parts.keysBTG(), keyValueHeads), pass);
        Tensor valuesBGTK = split(parts.valuesBTG(), keyValueHeads);
        Tensor mixedBHTK = pass.cache() == null
                ? pass.pattern().attend(queriesBHTK, keysBGTK, valuesBGTK, window, scale)
                : pass.cache().attend(layer, queriesBHTK, keysBGTK, valuesBGTK, window, scale);
        return output.apply(join(mixedBHTK));
    }

    private Parts project(Tensor xBTD) {
        return switch (projection) {
            case Projection.Separate separate ->
                new Parts(
                        separate.query().apply(xBTD),
                        separate.key().apply(xBTD),
                        separate.value().apply(xBTD));
            case Projection.Fused fused -> {
                Tensor together = fused.all().apply(xBTD);
                long q = (long) heads * dHead;
                long g = (long) keyValueHeads * dHead;
                List<Tensor> pieces = together.split(2, q, g, g);
                yield new Parts(pieces.get(0), pieces.get(1), pieces.get(2));
            }
        };
    }

    private Tensor place(@Nullable Norm norm, Tensor xBHTK, Pass pass) {
        Tensor normed = norm == null ? xBHTK : norm.apply(xBHTK);
        return rotary == null ? normed : pass.angles(rotary).rotate(normed);
    }

    private Tensor split(Tensor x, int parts) {
        if (x.size(1) == 1) {
            return x.reshape(x.size(0), parts, 1, dHead);
        }
        return x.reshape(x.size(0), x.size(1), parts, dHead).transpose(1, 2); // [B,T,H·K] -> [B,H,T,K]
    }

    private Tensor join(Tensor xBHTK) {
        long batch = xBHTK.size(0);
        long length = xBHTK.size(2);
        return xBHTK.transpose(1, 2).reshape(batch, length, (long) heads * dHead); // [B,H,T,K] -> [B,T,H·K]
    }

    /** Attention of queries to keys of the same positions, without cache or mask. */
    static Tensor attend(Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, @Nullable Tensor mask, double scale) {
        return Kernels.best().attention(queriesBHTK, keysBGSK, valuesBGSK, mask, scale);
    }
}
