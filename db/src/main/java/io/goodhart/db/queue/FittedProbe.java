package io.goodhart.db.queue;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A probe that a task fitted.
 *
 * @param role what it is for
 * @param index its number in the file, from 0
 * @param layer null where the site has none
 * @param model the model it was fitted on
 * @param artifact the probe file
 * @param description what else is known: pooling, calibration, validation AUC, …
 */
public record FittedProbe(
        ProbeRole role,
        int index,
        ProbeSpec.Kind kind,
        Site site,
        @Nullable Integer layer,
        ModelRevision model,
        ArtifactId artifact,
        JsonNode description) {}
