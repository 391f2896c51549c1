package io.goodhart.tuning.loop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What one optimiser step reports.
 *
 * @param step number of the step, from 1
 * @param values metrics by name ({@link MetricNames}); the same for the same seed, data and device
 * @param tokensPerSecond attended tokens per second of wall time; never the same twice
 */
public record StepMetrics(int step, SequencedMap<String, Double> values, double tokensPerSecond) {
    public StepMetrics {
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    /** The value of a metric that every step has. */
    public double value(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No metric %s among %s".formatted(name, values.keySet()));
        }
        return value;
    }
}
