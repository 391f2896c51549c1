package io.goodhart.tuning.loop;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Gathers one step's metrics over its micro-batches. */
final class MetricAccumulator {
    private record Entry(double sum, int divisor) {}

    private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    private final int microBatches;
    private long tokens;

    MetricAccumulator(int microBatches) {
        this.microBatches = microBatches;
    }

    /** Adds a share; the metric of the step is the sum of the shares. */
    void addShare(String name, double share) {
        add(name, share, 1);
    }

    /** Adds the mean of a micro-batch; the metric of the step is the mean over its micro-batches. */
    void addMean(String name, double mean) {
        add(name, mean, microBatches);
    }

    void addTokens(long count) {
        tokens += count;
    }

    long tokens() {
        return tokens;
    }

    private void add(String name, double value, int divisor) {
        entries.merge(name, new Entry(value, divisor), (old, one) -> new Entry(old.sum() + one.sum(), divisor));
    }

    /** The metrics so far, in the order of their first mention. */
    SequencedMap<String, Double> values() {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        entries.forEach((name, entry) -> values.put(name, entry.sum() / entry.divisor()));
        return values;
    }

    double value(String name) {
        Entry entry = entries.getOrDefault(name, new Entry(0, 1));
        return entry.sum() / entry.divisor();
    }
}
