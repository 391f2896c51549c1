package io.goodhart.domain.statistics;

import java.util.Optional;

/**
 * Score interval of a proportion: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = k/n.
 * Wilson 1927, Journal of the American Statistical Association 22, p. 209.
 */
public final class Wilson {
    private Wilson() {}

    /**
     * The interval of k successes among n, within [0, 1].
     *
     * @return empty for n = 0
     */
    public static Optional<Interval> of(int successes, int n, double level) {
        if (successes < 0 || successes > n) {
            throw new IllegalArgumentException("Need 0 <= successes <= n, got " + successes + " of " + n);
        }
        if (n == 0) {
            return Optional.empty();
        }
        double z = Normal.critical(level);
        double p = (double) successes / n;
        double shrink = 1 + z * z / n;
        double middle = (p + z * z / (2.0 * n)) / shrink;
        double half = z / shrink * Math.sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
        double lower = successes == 0 ? 0 : middle - half; // the algebra's value, without its rounding
        double upper = successes == n ? 1 : middle + half;
        return Optional.of(new Interval(lower, upper).clippedTo(0, 1));
    }
}
