package io.goodhart.db.queue;

import java.time.Instant;

/**
 * A worker as last heard of.
 *
 * @param id this incarnation
 * @param name of the host or pod, for people
 * @param device such as {@code cpu} or {@code cuda:0 NVIDIA H200}
 * @param memoryBytes memory that its computations may use
 */
public record WorkerInfo(
        WorkerId id, String name, String device, long memoryBytes, Instant startedAt, Instant lastSeen) {}
