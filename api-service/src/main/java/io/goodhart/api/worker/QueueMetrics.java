package io.goodhart.api.worker;

import io.goodhart.db.queue.QueueDepth;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.TaskState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Sizes of the queue as gauges: {@code goodhart.queue.depth} (claimable tasks, what workers are scaled on) and {@code
 * goodhart.tasks} by kind and state. One query serves all gauges of a scrape; NaN while the database does not answer.
 */
final class QueueMetrics implements MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMetrics.class);
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final List<TaskState> STATES = List.of(TaskState.WAITING, TaskState.READY, TaskState.RUNNING);

    private final TaskQueue queue;
    private final InstantSource clock;
    private @Nullable List<QueueDepth> depths;
    private Instant readAt = Instant.EPOCH;

    QueueMetrics(TaskQueue queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("goodhart.queue.depth", this, metrics -> metrics.count(null, TaskState.READY))
                .description("Tasks that a worker could claim now")
                .register(registry);
        for (String kind : TaskSpec.kinds().keySet()) {
            for (TaskState state : STATES) {
                Gauge.builder("goodhart.tasks", this, metrics -> metrics.count(kind, state))
                        .description("Tasks that have not ended")
                        .tag("kind", kind)
                        .tag("state", state.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    private double count(@Nullable String kind, TaskState state) {
        List<QueueDepth> current = current();
        if (current == null) {
            return Double.NaN;
        }
        return current.stream()
                .filter(depth ->
                        depth.state() == state && (kind == null || depth.kind().equals(kind)))
                .mapToLong(QueueDepth::tasks)
                .sum();
    }

    private synchronized @Nullable List<QueueDepth> current() {
        if (readAt.plus(FRESH).isBefore(clock.instant())) {
            readAt = clock.instant();
            depths = read();
        }
        return depths;
    }

    private @Nullable List<QueueDepth> read() {
        try {
            return queue.depths();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("No queue sizes: {}", e.getMessage());
            return null;
        }
    }
}
