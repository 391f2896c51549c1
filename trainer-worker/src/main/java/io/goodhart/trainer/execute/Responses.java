package io.goodhart.trainer.execute;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.trainer.artifact.ResponseRow;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sampled responses.
 *
 * @param rows in prompt-major order
 * @param pooled activations [N,D] by point, rows in the same order
 */
record Responses(List<ResponseRow> rows, Map<HookPoint, float[]> pooled) {
    Responses {
        rows = List.copyOf(rows);
        pooled = Collections.unmodifiableMap(new LinkedHashMap<>(pooled));
    }
}
