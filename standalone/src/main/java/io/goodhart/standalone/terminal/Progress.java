package io.goodhart.standalone.terminal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far an experiment is.
 *
 * @param done tasks done
 * @param total tasks in all
 * @param share share of the work done, in [0, 1]
 * @param elapsed time since it was submitted
 * @param remaining estimate of the time left, once there is one
 * @param doing labels of the tasks that run
 */
public record Progress(
        int done, int total, double share, Duration elapsed, Optional<Duration> remaining, List<String> doing) {
    public Progress {
        doing = List.copyOf(doing);
    }
}
