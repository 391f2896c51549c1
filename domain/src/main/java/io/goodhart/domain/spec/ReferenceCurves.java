package io.goodhart.domain.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was published of one arm over its training: a value for each evaluation point, from the untrained start to the end. AUCs are
 * of the model's own responses. A list that is empty was not published.
 *
 * @param rate share of responses that show the behaviour
 * @param aurocTrain of the probes that training used
 * @param aurocHeldOut of probes that no training used
 * @param aurocRetrained of probes that were fitted anew at each point
 * @param perplexity by corpus of this experiment
 */
public record ReferenceCurves(
        List<Double> rate,
        List<Double> aurocTrain,
        List<Double> aurocHeldOut,
        List<Double> aurocRetrained,
        Map<String, List<Double>> perplexity) {
    public ReferenceCurves {
        rate = List.copyOf(Require.orElse(rate, List.of()));
        aurocTrain = List.copyOf(Require.orElse(aurocTrain, List.of()));
        aurocHeldOut = List.copyOf(Require.orElse(aurocHeldOut, List.of()));
        aurocRetrained = List.copyOf(Require.orElse(aurocRetrained, List.of()));
        perplexity = Collections.unmodifiableMap(new LinkedHashMap<>(Require.orElse(perplexity, Map.of())));
    }
}
