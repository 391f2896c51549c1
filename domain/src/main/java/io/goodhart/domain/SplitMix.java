package io.goodhart.domain;

/** SplitMix64 (Steele, Lea and Flood 2014): small, fast, the same on every platform. Not for secrets. Not thread-safe. */
public final class SplitMix {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix(long seed) {
        this.state = seed;
    }

    /** The next 64 bits. */
    public long next() {
        state += GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform on [0, 1) with 53 random bits. */
    public double uniform() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** Uniform on 0..bound-1, without bias. */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("Need a positive bound, got " + bound);
        }
        long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
        long value = next() >>> 1;
        while (value >= limit) {
            value = next() >>> 1;
        }
        return (int) (value % bound);
    }
}
