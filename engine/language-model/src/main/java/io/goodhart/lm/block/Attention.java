package io.goodhart.lm.block;

import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention, as {@link AttentionLayout} says.
 *
 * @param projection queries, keys and values
 * @param output the output projection
 * @param scores what becomes of q·k
 * @param queryNorm over each query if it is as long as one, else over all queries of a token, before the rotation; null: none
 * @param keyNorm the same for keys
 * @param rotary null: positions are not this block's business
 */
public record Attention(
        Projection projection,
        Linear output,
        Sizes sizes,
        Scores scores,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        @Nullable Rotary rotary) {
    /** Where queries, keys and values come from, as {@link AttentionLayout.Projection} says. */
    sealed interface Projection {
        record Separate(Linear query, Linear key, Linear value) implements Projection {}

        record Fused(Linear all) implements Projection {}

        record FusedByHead(Linear all) implements Projection {}
    }

    private record Parts(Tensor queriesBTQ, Tensor keysBTG, Tensor valuesBTG) {}

    /** Puts one together. */
    public static Attention of(AttentionLayout layout, Sizes sizes, Modules modules, @Nullable Rotary rotary) {
        Projection projection = switch (layout.projection()) {
            case AttentionLayout.Projection.Separate separate ->
                new Projection.Separate(
                        modules.linear(separate.query()),
                        modules.linear(separate.key()),
                        modules.linear(separate.value()));
            case AttentionLayout.Projection.Fused fused -> new Projection.Fused(modules.linear(fused.all()));
            case AttentionLayout.Projection.FusedByHead fused ->
                new Projection.FusedByHead(modules.linear(fused.all()));
        };
        return new Attention(
                projection,
                modules.linear(layout.output()),
                sizes,
                layout.scores(),
                modules.normIfAny(layout.queryNorm()),
                modules.normIfAny(layout.keyNorm()),
                rotary);
    }

    Tensor apply(Tensor xBTD, int layer, Pass pass) {
        Parts parts = project(xBTD);
        Tensor queriesBHTK = place(queryNorm, parts.queriesBTQ(), sizes.heads(), pass);
        Tensor keysBGTK = place(keyNorm, parts.keysBTG(), sizes.keyValueHeads(), pass);
        Tensor valuesBGTK = split(parts.valuesBTG(), sizes.keyValueHeads());
        Tensor mixedBHTK = pass.cache() == null
                ? pass.pattern().attend(queriesBHTK, keysBGTK, valuesBGTK, scores)
                : pass.cache().attend(layer, queriesBHTK, keysBGTK, valuesBGTK, scores);
        return output.apply(join(mixedBHTK));
    }

    private Parts project(Tensor xBTD) {
        return switch (projection) {
            case Projection.Separate(Linear query, Linear key, Linear value) ->
                new Parts(query.apply(xBTD), key.apply(xBTD), value.apply(xBTD));
            case Projection.Fused(Linear all) -> {
                List<Tensor> pieces = all.apply(xBTD).split(2, sizes.queries(), sizes.keys(), sizes.keys());
                yield new Parts(pieces.get(0), pieces.get(1), pieces.get(2));
            }
            case Projection.FusedByHead(Linear all) -> byHead(all.apply(xBTD));
        };
    }

    private Parts byHead(Tensor together) {
        long batch = together.size(0);
        long length = together.size(1);
        long k = sizes.dHead();
        Tensor heads = together.reshape(batch, length, sizes.heads(), 3 * k);
        return new Parts(
                heads.slice(3, 0, k).reshape(batch, length, sizes.queries()),
                heads.slice(3, k, 2 * k).reshape(batch, length, sizes.queries()),
                heads.slice(3, 2 * k).reshape(batch, length, sizes.queries()));
    }

    private Tensor place(@Nullable Norm norm, Tensor x, int parts, Pass pass) {
        Tensor split = norm == null ? split(x, parts) : normed(norm, x, parts);
        return rotary == null ? split : pass.angles(rotary).rotate(split);
    }

    private Tensor normed(Norm norm, Tensor x, int parts) {
        boolean ofHead = norm.weight().size(0) == sizes.dHead();
        return ofHead ? norm.apply(split(x, parts)) : split(norm.apply(x), parts);
    }

    private Tensor split(Tensor x, int parts) {
        if (x.size(1) == 1) {
            return x.reshape(x.size(0), parts, 1, sizes.dHead());
        }
        return x.reshape(x.size(0), x.size(1), parts, sizes.dHead()).transpose(1, 2); // [B,T,H·K] -> [B,H,T,K]
    }

    private Tensor join(Tensor xBHTK) {
        long batch = xBHTK.size(0);
        long length = xBHTK.size(2);
        return xBHTK.transpose(1, 2).reshape(batch, length, sizes.queries()); // [B,H,T,K] -> [B,T,H·K]
    }

    /** Attention of queries to keys with a mask, or to every key. */
    static Tensor attend(Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, @Nullable Tensor mask, Scores scores) {
        return scores.softcap() == 0
                ? Kernels.best().attention(queriesBHTK, keysBGSK, valuesBGSK, mask, scores.scale())
                : Kernels.best()
                        .cappedAttention(queriesBHTK, keysBGSK, valuesBGSK, mask, scores.scale(), scores.softcap());
    }
}
