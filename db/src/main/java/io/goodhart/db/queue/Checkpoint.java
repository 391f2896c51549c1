package io.goodhart.db.queue;

import io.goodhart.domain.model.ArtifactId;

/** Where a task can go on from: the state after {@code step} optimiser steps. */
public record Checkpoint(long step, ArtifactId artifact) {}
