package io.goodhart.db.queue;

/** How loud an event is. */
public enum EventLevel {
    INFO,
    WARN,
    ERROR
}
