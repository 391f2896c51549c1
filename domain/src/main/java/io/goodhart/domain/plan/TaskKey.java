package io.goodhart.domain.plan;

/**
 * Content key of a task: two tasks with the same key are one task.
 *
 * @param sha256 64 hexadecimal digits
 */
public record TaskKey(String sha256) implements Comparable<TaskKey> {
    public TaskKey {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Need 64 hexadecimal digits, got " + sha256);
        }
    }

    @Override
    public int compareTo(TaskKey other) {
        return sha256.compareTo(other.sha256);
    }

    @Override
    public String toString() {
        return sha256.substring(0, 12);
    }
}
