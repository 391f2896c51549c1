package io.goodhart.db.experiment;

import io.goodhart.db.queue.FittedProbe;
import java.time.Instant;
import java.util.UUID;

/** A fitted probe that can be served. */
public record ProbeView(ProbeId id, UUID task, FittedProbe probe, Instant createdAt) {}
