package io.goodhart.domain.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Published numbers of another model, which the report shows beside this experiment's. They change nothing that is computed.
 *
 * @param source where they were published
 * @param numbers by arm
 * @param probes of the probes before any training
 */
public record ReferenceSpec(
        String source,
        Map<String, ReferenceNumbers> numbers,
        @Nullable ReferenceProbes probes) {
    public ReferenceSpec {
        source = Require.present(source, "source");
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(Require.orElse(numbers, Map.of())));
    }
}
