package io.goodhart.domain.statistics;

/** A closed interval of finite numbers, lower ≤ upper. */
public record Interval(double lower, double upper) {
    public Interval {
        if (!(lower <= upper) || Double.isInfinite(lower) || Double.isInfinite(upper)) { // so that NaN fails too
            throw new IllegalArgumentException("Need finite lower <= upper, got " + lower + " and " + upper);
        }
    }

    /**
     * Interval of a − b from the intervals [l, u] of two independent estimates, by the method of variance estimates recovery:
     * lower = a − b − √((a − l_a)² + (u_b − b)²), upper = a − b + √((u_a − a)² + (b − l_b)²). Zou and Donner 2008, Statistics in
     * Medicine 27, p. 1693.
     */
    public static Interval ofDifference(double a, Interval ofA, double b, Interval ofB) {
        return new Interval(
                a - b - Math.hypot(a - ofA.lower, ofB.upper - b), a - b + Math.hypot(ofA.upper - a, b - ofB.lower));
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
