package io.goodhart.db.experiment;

import java.time.Instant;
import java.util.UUID;

/** One point of a series of one task. */
public record MetricValue(UUID task, String name, long step, double value, Instant at) {}
