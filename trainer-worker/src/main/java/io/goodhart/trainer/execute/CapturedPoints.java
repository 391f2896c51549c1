package io.goodhart.trainer.execute;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.TaskSpec.Capture;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where a task reads activations: the layers that it names, or that of the input {@code probes}. */
record CapturedPoints(Capture capture, Set<HookPoint> points) {
    CapturedPoints {
        points = Set.copyOf(points);
    }

    static CapturedPoints of(Capture capture, TaskContext context) {
        List<Integer> layers = capture.layers().isEmpty()
                ? List.of(ProbeSet.read(context.input("probes")).layer())
                : capture.layers();
        return new CapturedPoints(
                capture,
                layers.stream()
                        .map(layer -> new HookPoint(capture.site(), layer))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Writes the output {@code activations}. */
    void write(ModelRevision model, Map<HookPoint, TokenActivations> read, TaskContext context) {
        Map<Integer, TokenActivations> layers = new TreeMap<>();
        read.forEach((point, texts) -> layers.put(point.layer(), texts));
        if (layers.values().iterator().next().rows().n() == 0) {
            throw TaskFailedException.invalidInput("Every text is empty; there are no activations");
        }
        Activations.Source source = new Activations.Source(model, capture.site(), capture.pooling());
        Activations.of(source, layers).write(context.output("activations"));
    }
}
