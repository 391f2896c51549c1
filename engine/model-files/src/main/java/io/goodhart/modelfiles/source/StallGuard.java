package io.goodhart.modelfiles.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A stream from the network that fails instead of waiting for ever: it is closed when nothing has come for a while. */
final class StallGuard extends FilterInputStream {
    private final long patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean stalled;
    private volatile long lastRead = System.nanoTime();

    StallGuard(InputStream stream, Duration patience) {
        super(stream);
        this.patience = patience.toNanos();
        Thread.ofVirtual().name("stall-guard").start(this::watch);
    }

    private void watch() {
        try {
            for (long left = patience; left > 0; left = lastRead + patience - System.nanoTime()) {
                if (closed.await(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
            stalled = true;
            in.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // broken, which its reader sees, too
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int count = super.read(buffer, offset, length);
            lastRead = System.nanoTime();
            return count;
        } catch (IOException e) {
            throw stalled
                    ? new IOException("nothing more came for " + Duration.ofNanos(patience))
                    : e; // e is the closing
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        super.close();
    }
}
