package io.goodhart.domain.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where an activation is read, by TransformerLens' names. All but {@link #FINAL_NORM} exist once per layer. */
public enum Site {
    /** Residual stream [B,T,D] before a block. */
    RESID_PRE,
    /** Residual stream [B,T,D] between attention and MLP. */
    RESID_MID,
    /** Residual stream [B,T,D] after a block. */
    RESID_POST,
    /** Output [B,T,D] of the attention's output projection. */
    ATTN_OUT,
    /** Input [B,T,F] of the MLP's output projection. */
    MLP_ACT,
    /** Output [B,T,D] of the MLP's output projection. */
    MLP_OUT,
    /** Residual stream [B,T,D] after the final norm; has no layer. */
    FINAL_NORM;

    /** The name used outside: {@code resid_post}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The site with this outside name. */
    public static Optional<Site> byName(String name) {
        return Arrays.stream(values())
                .filter(site -> site.wireName().equals(name))
                .findFirst();
    }
}
