package io.goodhart.trainer.artifact;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training was; the output {@code summary} of train.
 *
 * @param rows pairs, texts, or prompts of own responses
 * @param steps optimiser steps
 * @param tokens attended tokens over all steps
 * @param parameters numbers that training moved
 * @param pointSteps optimiser steps done at each evaluation point, from point 0
 * @param metrics last value of each metric
 */
public record TrainingSummary(
        int rows, int steps, long tokens, long parameters, List<Integer> pointSteps, Map<String, Double> metrics) {
    /** The metric that counts rows which were cut to the longest sequence; absent if none was. */
    public static final String TRUNCATED = "data/truncated";

    public TrainingSummary {
        pointSteps = List.copyOf(pointSteps);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
