package io.goodhart.api.experiment;

import io.goodhart.db.experiment.TaskView;
import io.goodhart.domain.state.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how long an experiment still takes. Tasks of one kind are taken to last alike: the mean over those that have ended,
 * or what a running one expects. The work that is left is shared by as many workers as compute now. Nothing is said before the
 * kinds that take long are known.
 */
final class RemainingTime {
    private static final Set<String> LONG_KINDS = Set.of("generate", "train", "evaluate");

    private final Map<String, Double> secondsByKind;
    private final Instant now;

    private RemainingTime(List<TaskView> tasks, Instant now) {
        this.now = now;
        Map<String, List<Double>> known = new HashMap<>();
        for (TaskView task : tasks) {
            duration(task, now)
                    .ifPresent(seconds -> known.computeIfAbsent(task.kind(), kind -> new ArrayList<>())
                            .add(seconds));
        }
        this.secondsByKind =
                known.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> mean(entry.getValue())));
    }

    /** Seconds to the end; empty if too little is known. */
    static OptionalDouble of(List<TaskView> tasks, Instant now) {
        List<TaskView> left =
                tasks.stream().filter(task -> !task.state().isTerminal()).toList();
        if (left.isEmpty() || left.stream().noneMatch(RemainingTime::isRunning)) {
            return OptionalDouble.empty();
        }
        RemainingTime time = new RemainingTime(tasks, now);
        boolean unknown = left.stream()
                .anyMatch(task -> LONG_KINDS.contains(task.kind()) && !time.secondsByKind.containsKey(task.kind()));
        if (unknown || time.secondsByKind.isEmpty()) {
            return OptionalDouble.empty();
        }
        double work = left.stream().mapToDouble(time::left).sum();
        double longest = left.stream()
                .filter(RemainingTime::isRunning)
                .mapToDouble(time::left)
                .max()
                .orElse(0);
        long workers = left.stream().filter(RemainingTime::isRunning).count();
        return OptionalDouble.of(Math.max(work / workers, longest));
    }

    static boolean isRunning(TaskView task) {
        return task.state() == TaskState.RUNNING;
    }

    private double left(TaskView task) {
        double whole = secondsByKind.containsKey(task.kind())
                ? secondsByKind.get(task.kind())
                : mean(List.copyOf(secondsByKind.values()));
        if (!isRunning(task)) {
            return whole;
        }
        @Nullable Double told = eta(task);
        return told != null ? told : Math.max(0, whole - elapsed(task, now));
    }

    /** Seconds that the task took, or takes if a worker tells. */
    private static OptionalDouble duration(TaskView task, Instant now) {
        if (task.state() == TaskState.SUCCEEDED && task.startedAt() != null && task.endedAt() != null) {
            return OptionalDouble.of(seconds(task.startedAt(), task.endedAt()));
        }
        @Nullable Double told = eta(task);
        return isRunning(task) && told != null ? OptionalDouble.of(elapsed(task, now) + told) : OptionalDouble.empty();
    }

    private static @Nullable Double eta(TaskView task) {
        return task.progress() == null ? null : task.progress().etaSeconds();
    }

    private static double elapsed(TaskView task, Instant now) {
        return task.startedAt() == null ? 0 : Math.max(0, seconds(task.startedAt(), now));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
