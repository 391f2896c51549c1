package io.goodhart.trainer.supervisor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says that the process is to end: tasks finish if they can do so soon, else they are kept and given back. */
final class Drain {
    private final Duration patience;
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile long deadline;

    /** @param patience how long a task may go on */
    Drain(Duration patience) {
        this.patience = patience;
    }

    void begin() {
        if (!isOn()) {
            deadline = System.nanoTime() + patience.toNanos();
            begun.countDown();
        }
    }

    boolean isOn() {
        return begun.getCount() == 0;
    }

    /** Whether work that takes so many seconds more still fits. */
    boolean fits(double seconds) {
        return seconds * 1e9 <= deadline - System.nanoTime();
    }

    /** Waits, and returns early with true if draining begins. */
    boolean await(Duration time) throws InterruptedException {
        return begun.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
