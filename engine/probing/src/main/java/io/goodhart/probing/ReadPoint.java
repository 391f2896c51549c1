package io.goodhart.probing;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;

/**
 * Where a probe reads: one site of one layer of one exact model, pooled over the response's tokens.
 *
 * @param layer from 0; 0 for {@link Site#FINAL_NORM}, which has none
 */
public record ReadPoint(ModelRevision model, Site site, int layer, Pooling pooling) {
    public ReadPoint {
        if (layer < 0 || (site == Site.FINAL_NORM && layer != 0)) {
            throw new IllegalArgumentException("No layer " + layer + " at " + site.wireName());
        }
    }
}
