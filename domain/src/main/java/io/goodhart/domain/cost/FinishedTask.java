package io.goodhart.domain.cost;

import io.goodhart.domain.plan.TaskSpec;

/**
 * A task that was computed.
 *
 * @param steps what it counted while it ran: optimiser steps of a training; 0 if unknown
 * @param responseTokens tokens that a response which it read had at most; 0 if it read none
 */
public record FinishedTask(TaskSpec spec, double seconds, long steps, int responseTokens) {}
