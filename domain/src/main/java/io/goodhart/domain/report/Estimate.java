package io.goodhart.domain.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number with its interval, which holds the true value with the probability of {@link Rules#level()}.
 *
 * @param value mean over seeds
 * @param lower absent if the interval is not defined
 * @param upper absent if the interval is not defined
 * @param bySeed the seeds' own values in the order of the arm's runs, undefined ones left out
 */
public record Estimate(
        double value, @Nullable Double lower, @Nullable Double upper, List<Double> bySeed) {
    public Estimate {
        bySeed = List.copyOf(bySeed);
    }
}
