package io.goodhart.benchmarks.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * One repetition of one case.
 *
 * @param lap what it took
 * @param unit what was made, such as tokens
 * @param amount how much of it
 * @param figures anything else that was measured along
 */
public record Sample(Lap lap, String unit, double amount, SequencedMap<String, Double> figures) {
    public Sample {
        figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
    }

    /** Without further figures. */
    public static Sample of(Lap lap, String unit, double amount) {
        return new Sample(lap, unit, amount, new LinkedHashMap<>());
    }

    /** The same with one more figure. */
    public Sample with(String name, double value) {
        LinkedHashMap<String, Double> more = new LinkedHashMap<>(figures);
        more.put(name, value);
        return new Sample(lap, unit, amount, more);
    }

    /** Units per second of wall time. */
    public double rate() {
        return amount / lap.wallSeconds();
    }

    /** Units per second of processor time. */
    public double cpuRate() {
        return amount / lap.cpuSeconds();
    }
}
