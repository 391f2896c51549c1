package io.goodhart.trainer.supervisor;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How this process works off tasks.
 *
 * @param count workers, each with a child of its own; 0 for a process that computes nothing
 * @param device where the children compute: {@code cpu}, {@code cuda} or {@code cuda:1}; on CUDA blocks are computed in bfloat16
 * @param threads threads of one operation in a child
 * @param name what the workers are called in the registry; the host's name if absent
 * @param directory work files and logs of the children
 * @param heap limit of a child's Java heap; tensors live outside it
 * @param lease how long a claim holds without a heartbeat
 * @param poll how often an idle worker looks for tasks that no notification told of
 * @param start longest time that a child may take to start
 * @param silence longest time that a child may say nothing about its task
 * @param grace how long a child that was told to stop may go on before it is killed
 * @param drain how long a task may go on when the process is told to end
 * @param tasksPerChild tasks after which a child is replaced
 * @param residentLimit resident memory at which a child is replaced after its task; by default its share of the machine
 * @param failuresInARow failures after which the worker stops claiming
 * @param recovery how long such a worker waits before it tries again
 * @param logLimit most that is kept of one task's log
 * @param logsKept number of task logs kept
 */
@ConfigurationProperties(prefix = "goodhart.worker", ignoreUnknownFields = false)
public record WorkerProperties(
        @DefaultValue("1") int count,
        @DefaultValue("cpu") String device,
        @DefaultValue("1") int threads,
        @Nullable String name,
        @DefaultValue("work") String directory,
        @DefaultValue("1GB") DataSize heap,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("2s") Duration poll,
        @DefaultValue("2m") Duration start,
        @DefaultValue("10m") Duration silence,
        @DefaultValue("20s") Duration grace,
        @DefaultValue("20s") Duration drain,
        @DefaultValue("500") int tasksPerChild,
        @Nullable DataSize residentLimit,
        @DefaultValue("5") int failuresInARow,
        @DefaultValue("5m") Duration recovery,
        @DefaultValue("2MB") DataSize logLimit,
        @DefaultValue("200") int logsKept) {
    public WorkerProperties {
        atLeast("count", 0, count);
        if (!device.matches("cpu|cuda(:[0-9]{1,3})?")) {
            throw refused("device", "Need cpu, cuda or cuda:<index>, got " + device);
        }
        positive("threads", threads);
        positive("heap", heap.toMegabytes());
        positive("lease", lease.toMillis());
        positive("poll", poll.toMillis());
        positive("start", start.toMillis());
        positive("silence", silence.toMillis());
        positive("grace", grace.toMillis());
        positive("recovery", recovery.toMillis());
        atLeast("drain", 0, drain.toMillis());
        positive("tasks-per-child", tasksPerChild);
        positive("resident-limit", residentLimit == null ? 1 : residentLimit.toBytes());
        filled("directory", directory);
        filled("name", name == null ? "unset" : name);
        positive("failures-in-a-row", failuresInARow);
        positive("log-limit", logLimit.toBytes());
        positive("logs-kept", logsKept);
    }

    private static void positive(String field, long value) {
        atLeast(field, 1, value);
    }

    private static void atLeast(String field, long least, long value) {
        if (value < least) {
            throw refused(field, "Need at least %d, got %d".formatted(least, value));
        }
    }

    private static void filled(String field, String value) {
        if (value.isBlank()) {
            throw refused(field, "Must not be blank");
        }
    }

    private static InvalidInputException refused(String field, String message) {
        return new InvalidInputException(new Problem("out_of_range", "goodhart.worker." + field, message));
    }

    /** The directory; a text above because Spring would look for a relative path on the class path first. */
    public Path path() {
        return Path.of(directory).toAbsolutePath();
    }

    /** Memory of the machine that each worker may count on, in bytes. */
    long memoryShare() {
        return ResidentMemory.ofMachine() / Math.max(1, count);
    }

    /** Memory beside the Java heap that a child's computations may use, in bytes. */
    long computeMemory() {
        return Math.max(0, memoryShare() - heap.toBytes());
    }

    /** Resident bytes at which a child is replaced. */
    long residentLimitBytes() {
        return residentLimit == null ? memoryShare() * 4 / 5 : residentLimit.toBytes();
    }
}
