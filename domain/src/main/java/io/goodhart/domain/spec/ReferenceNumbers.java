package io.goodhart.domain.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was published of one arm. AUCs are of the model's own responses.
 *
 * @param rate share of responses that show the behaviour
 * @param aurocTrain of the probes that training used
 * @param aurocHeldOut of probes that no training used
 * @param aurocRetrained of probes that were fitted after training
 * @param perplexity by corpus of this experiment
 * @param overTraining the same over the training
 */
public record ReferenceNumbers(
        @Nullable Double rate,
        @Nullable Double aurocTrain,
        @Nullable Double aurocHeldOut,
        @Nullable Double aurocRetrained,
        Map<String, Double> perplexity,
        @Nullable ReferenceCurves overTraining) {
    public ReferenceNumbers {
        perplexity = Collections.unmodifiableMap(new LinkedHashMap<>(Require.orElse(perplexity, Map.of())));
    }
}
