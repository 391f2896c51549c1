package io.goodhart.tuning.loop;

import java.time.Duration;

/**
 * How far a training is.
 *
 * @param step steps done, those before a resumption included
 * @param elapsed time since this process took it up
 * @param remaining expected time to the end, from the mean time of the steps done here
 */
public record Progress(int step, int totalSteps, Duration elapsed, Duration remaining) {}
