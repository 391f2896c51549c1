package io.goodhart.db.queue;

/**
 * One value of a series. A point that is already there stays as it is.
 *
 * @param step optimiser step or evaluation point
 * @param name TRL's name, such as {@code rewards/chosen}
 */
public record MetricPoint(long step, String name, double value) {}
