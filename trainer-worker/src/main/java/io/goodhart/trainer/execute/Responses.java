package io.goodhart.trainer.execute;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.ResponseRow;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sampled responses.
 *
 * @param rows in prompt-major order
 * @param activations of each point, texts in the same order
 */
record Responses(List<ResponseRow> rows, Map<HookPoint, TokenActivations> activations) {
    Responses {
        rows = List.copyOf(rows);
        activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
    }
}
