package io.goodhart.api.model;

import io.goodhart.db.model.ClaimedModel;
import io.goodhart.db.model.Models;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.modelfiles.source.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Renews the lease of a registration and writes how far it is, several times per lease, until it is closed. */
final class Heartbeat implements Progress, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final int BEATS_PER_LEASE = 6;

    private final Models models;
    private final ClaimedModel model;
    private final Duration lease;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long bytes;
    private volatile long totalBytes;
    private volatile boolean lost;

    Heartbeat(Models models, ClaimedModel model, Duration lease) {
        this.models = models;
        this.model = model;
        this.lease = lease;
        Thread.ofVirtual().name("registration-heartbeat").start(this::beat);
    }

    private void beat() {
        try {
            while (!lost && !closed.await(Math.max(1, lease.toMillis() / BEATS_PER_LEASE), TimeUnit.MILLISECONDS)) {
                try {
                    models.progress(model, bytes, totalBytes, lease);
                } catch (LeaseLostException e) {
                    lost = true;
                } catch (DataAccessException e) {
                    LOG.debug("A heartbeat is left out, the lease lasts for several", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void at(long bytesHere, long total) {
        bytes = bytesHere;
        totalBytes = total;
        if (lost) {
            throw new LeaseLostException("Somebody else has taken up model " + model.id());
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
