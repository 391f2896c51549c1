package io.goodhart.trainer.child;

import io.goodhart.trainer.protocol.Message;

/** Where a child's messages go. Safe for concurrent use. */
@FunctionalInterface
public interface MessageSink {
    void send(Message message);
}
