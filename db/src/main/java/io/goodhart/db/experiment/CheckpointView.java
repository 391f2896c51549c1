package io.goodhart.db.experiment;

import io.goodhart.domain.model.ArtifactId;
import java.time.Instant;
import java.util.UUID;

/** One checkpoint of a run's training. */
public record CheckpointView(UUID task, long step, ArtifactId artifact, long bytes, Instant at) {}
