package io.goodhart.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Time that something took.
 *
 * @param wallSeconds on the clock
 * @param cpuSeconds of all threads of the process together, compiler and collector included: what a busy machine disturbs least
 */
public record Lap(double wallSeconds, double cpuSeconds) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Times some work. */
    public static Lap of(Runnable work) {
        Start start = start();
        work.run();
        return start.stop();
    }

    /** Starts the clock. */
    public static Start start() {
        return new Start(System.nanoTime(), SYSTEM.getProcessCpuTime());
    }

    /**
     * A running clock.
     *
     * @param wall nanoseconds
     * @param cpu nanoseconds
     */
    public record Start(long wall, long cpu) {
        /** The time since. */
        public Lap stop() {
            return new Lap((System.nanoTime() - wall) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e9);
        }
    }
}
