package io.goodhart.domain.plan;

import io.goodhart.domain.Hashes;
import java.util.Map;

/** Content key of a task: sha256 of the canonical JSON of kind, spec, inputs and numerics version. */
public final class ContentKey {
    /** Goes up when the same task would give other numbers than before. */
    public static final int NUMERICS_VERSION = 4;

    private ContentKey() {}

    public static TaskKey of(TaskSpec spec, Map<String, OutputRef> inputs) {
        return new TaskKey(Hashes.sha256(CanonicalJson.of(
                Map.of("kind", spec.kind(), "spec", spec, "inputs", inputs, "numerics_version", NUMERICS_VERSION))));
    }
}
