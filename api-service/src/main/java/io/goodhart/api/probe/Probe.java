package io.goodhart.api.probe;

import io.goodhart.db.experiment.ProbeView;
import io.goodhart.db.queue.FittedProbe;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A fitted probe.
 *
 * @param object always {@code probe}
 * @param taskId the task that fitted it
 * @param index its number in the file, from 0
 * @param layer absent where the site has none
 * @param model the model it was fitted on
 * @param artifact the file with its weights
 * @param description what else is known: pooling, calibration, validation AUC, …
 */
public record Probe(
        UUID id,
        String object,
        UUID taskId,
        ProbeRole role,
        int index,
        ProbeSpec.Kind kind,
        Site site,
        @Nullable Integer layer,
        ModelRevision model,
        ArtifactId artifact,
        JsonNode description,
        Instant createdAt) {
    public static Probe of(ProbeView view) {
        FittedProbe probe = view.probe();
        return new Probe(
                view.id().value(),
                "probe",
                view.task(),
                probe.role(),
                probe.index(),
                probe.kind(),
                probe.site(),
                probe.layer(),
                probe.model(),
                probe.artifact(),
                probe.description(),
                view.createdAt());
    }
}
