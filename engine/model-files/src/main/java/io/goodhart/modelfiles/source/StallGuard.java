package io.goodhart.modelfiles.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A stream from the network that fails instead of waiting for ever: it is closed when nothing has come for a while. */
final class StallGuard extends FilterInputStream {
    private final long patience;
    private final Thread watch;
    private volatile long lastRead = System.nanoTime();

    StallGuard(InputStream stream, Duration patience) {
        super(stream);
        this.patience = patience.toNanos();
        this.watch = Thread.ofVirtual().name("stall-guard").start(this::watch);
    }

    private void watch() {
        try {
            for (long left = patience; left > 0; left = lastRead + patience - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
            in.close();
        } catch (InterruptedException | IOException e) {
            // closed by its reader, or broken, which its reader sees, too
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        lastRead = System.nanoTime();
        return count;
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
