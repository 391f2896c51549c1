package io.goodhart.lm.hook;

import io.goodhart.domain.model.Site;

/**
 * A place in a forward pass.
 *
 * @param site what is there
 * @param layer which block, from 0; 0 for {@link Site#FINAL_NORM}, which has none
 */
public record HookPoint(Site site, int layer) {
    public HookPoint {
        if (layer < 0) {
            throw new IllegalArgumentException("Need a layer of at least 0, got " + layer);
        }
        layer = site == Site.FINAL_NORM ? 0 : layer;
    }

    /** The output of the norm behind the last block. */
    public static HookPoint finalNorm() {
        return new HookPoint(Site.FINAL_NORM, 0);
    }

    @Override
    public String toString() {
        return site == Site.FINAL_NORM ? site.wireName() : site.wireName() + "." + layer;
    }
}
