package io.goodhart.db.queue;

import org.jspecify.annotations.Nullable;

/**
 * How far a task is.
 *
 * @param step what is done: responses, optimiser steps, …
 * @param totalSteps what there is to do; 0 if unknown
 * @param etaSeconds estimated seconds to the end, if known
 * @param phase what the task is doing now, for people
 */
public record Progress(
        long step,
        long totalSteps,
        @Nullable Double etaSeconds,
        @Nullable String phase) {}
