package io.goodhart.api.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.EventView;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.queue.TaskNotifications;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends an experiment's events as they come, each stream on a virtual thread of its own. A stream ends with its experiment, with its
 * client, and when the service stops: first of all, because a stream would hold up the graceful end of requests.
 */
final class EventStreams implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int BATCH = 200;
    private static final long NO_TIMEOUT = 0;

    private final Experiments experiments;
    private final TaskNotifications notifications;
    private final EventProperties properties;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    EventStreams(Experiments experiments, TaskNotifications notifications, EventProperties properties) {
        this.experiments = experiments;
        this.notifications = notifications;
        this.properties = properties;
    }

    /** Whether no event will come after this one. */
    boolean isOver(ExperimentId experiment, long seen) {
        boolean ended = experiments.get(experiment).summary().state().isTerminal();
        return ended && experiments.events(experiment, seen, 1).isEmpty();
    }

    /** Starts a stream after an event that the client has seen. */
    SseEmitter open(ExperimentId experiment, long seen) {
        SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
        Stream stream = new Stream(experiment, seen, emitter);
        emitter.onCompletion(stream::close);
        emitter.onError(error -> stream.close());
        open.add(stream);
        Thread.ofVirtual().name("events-" + experiment).start(stream);
        return emitter;
    }

    int openStreams() {
        return open.size();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        open.forEach(Stream::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** One client. */
    private final class Stream implements Runnable {
        private final ExperimentId experiment;
        private final SseEmitter emitter;
        private final Semaphore wake = new Semaphore(0);
        private volatile boolean closed;
        private long seen;
        private long silentSince = System.nanoTime();

        private Stream(ExperimentId experiment, long seen, SseEmitter emitter) {
            this.experiment = experiment;
            this.seen = seen;
            this.emitter = emitter;
        }

        private void close() {
            closed = true;
            wake.release();
        }

        @Override
        public void run() {
            TaskNotifications.Subscription subscription = notifications.onEvents(experiment.value(), wake::release);
            try {
                emitter.send(SseEmitter.event().comment("open").reconnectTime(1000));
                boolean more = true;
                while (!closed && more) {
                    more = sendNews();
                    beat();
                    if (more && wake.tryAcquire(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                        wake.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | IllegalStateException e) {
                LOG.debug("A client left the events of {}: {}", experiment, e.getMessage());
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("Ended a stream of events of {}: {}", experiment, e.getMessage());
            } finally {
                subscription.close();
                open.remove(this);
                emitter.complete(); // the client comes back with the last id it saw
            }
        }

        /** Sends what is new; false once nothing more can come. */
        private boolean sendNews() throws IOException {
            // the state is read first: an event that precedes the end is then seen below
            boolean ended = experiments.get(experiment).summary().state().isTerminal();
            List<EventView> news = experiments.events(experiment, seen, BATCH);
            while (!news.isEmpty() && !closed) {
                for (EventView event : news) {
                    send(event);
                }
                news = experiments.events(experiment, seen, BATCH);
            }
            return !ended;
        }

        private void send(EventView event) throws IOException {
            emitter.send(SseEmitter.event()
                    .id(Long.toString(event.id()))
                    .name(event.type().toLowerCase(Locale.ROOT))
                    .data(GoodhartJson.write(Event.of(event)), MediaType.TEXT_PLAIN));
            seen = event.id();
            silentSince = System.nanoTime();
        }

        private void beat() throws IOException {
            if (System.nanoTime() - silentSince >= properties.heartbeat().toNanos()) {
                emitter.send(SseEmitter.event().comment("alive"));
                silentSince = System.nanoTime();
            }
        }
    }
}
