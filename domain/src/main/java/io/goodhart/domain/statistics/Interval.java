package io.goodhart.domain.statistics;

/** A closed interval of finite numbers, lower ≤ upper. */
public record Interval(double lower, double upper) {
    public Interval {
        if (!(lower <= upper) || Double.isInfinite(lower) || Double.isInfinite(upper)) { // so that NaN fails too
            throw new IllegalArgumentException("Need finite lower <= upper, got " + lower + " and " + upper);
        }
    }

    /** lower ≤ x ≤ upper. */
    public boolean contains(double x) {
        return lower <= x && x <= upper;
    }

    /** upper − lower. */
    public double width() {
        return upper - lower;
    }

    /** The part of this interval within [from, to]; limits beyond are moved onto them. */
    public Interval clippedTo(double from, double to) {
        return new Interval(Math.clamp(lower, from, to), Math.clamp(upper, from, to));
    }
}
