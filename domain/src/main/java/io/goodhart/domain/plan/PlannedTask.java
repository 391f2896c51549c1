package io.goodhart.domain.plan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A task with its inputs. Immutable; its key follows from the rest.
 *
 * @param key content key
 * @param spec what it computes
 * @param inputs input name → output of another task
 * @param label what people see: {@code train probe-dpo, seed 2}; not part of the key
 */
public record PlannedTask(TaskKey key, TaskSpec spec, Map<String, OutputRef> inputs, String label) {
    public PlannedTask {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    /** Computes the key. */
    public static PlannedTask of(TaskSpec spec, Map<String, OutputRef> inputs, String label) {
        return new PlannedTask(ContentKey.of(spec, inputs), spec, inputs, label);
    }

    /** A reference to one of this task's outputs. */
    public OutputRef output(String name) {
        return new OutputRef(key, name);
    }
}
