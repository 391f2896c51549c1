package io.goodhart.api.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.queue.QueueDepth;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.domain.state.TaskState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class QueueMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T10:00:00Z"));
    private final AtomicInteger queries = new AtomicInteger();
    private boolean reachable = true;

    @Test
    void gaugesTellTheQueueByKindAndStateFromOneQuery() {
        bind();
        assertThat(value("goodhart.queue.depth")).isEqualTo(7);
        assertThat(meters.get("goodhart.tasks")
                        .tags("kind", "train", "state", "ready")
                        .gauge()
                        .value())
                .isEqualTo(5);
        assertThat(meters.get("goodhart.tasks")
                        .tags("kind", "train", "state", "running")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("goodhart.tasks")
                        .tags("kind", "report", "state", "waiting")
                        .gauge()
                        .value())
                .isZero();
        assertThat(queries).hasValue(1);
    }

    @Test
    void whileTheDatabaseDoesNotAnswerNothingIsClaimed() {
        bind();
        reachable = false;
        now.set(now.get().plusSeconds(60));
        assertThat(value("goodhart.queue.depth")).isNaN();
    }

    private double value(String name) {
        return meters.get(name).gauge().value();
    }

    private void bind() {
        TaskQueue queue = (TaskQueue) Proxy.newProxyInstance(
                TaskQueue.class.getClassLoader(), new Class<?>[] {TaskQueue.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("depths");
                    queries.incrementAndGet();
                    if (!reachable) {
                        throw new DataAccessResourceFailureException("down");
                    }
                    return List.of(
                            new QueueDepth("train", TaskState.READY, 5),
                            new QueueDepth("train", TaskState.RUNNING, 1),
                            new QueueDepth("score", TaskState.READY, 2));
                });
        new QueueMetrics(queue, now::get).bindTo(meters);
    }
}
