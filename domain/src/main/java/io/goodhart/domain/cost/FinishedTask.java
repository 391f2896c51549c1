package io.goodhart.domain.cost;

import io.goodhart.domain.plan.TaskSpec;

/**
 * A task that was computed.
 *
 * @param steps what it counted while it ran: optimiser steps of a training; 0 if unknown
 */
public record FinishedTask(TaskSpec spec, double seconds, long steps) {}
