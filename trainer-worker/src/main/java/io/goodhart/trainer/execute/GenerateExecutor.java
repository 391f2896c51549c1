package io.goodhart.trainer.execute;

import io.goodhart.datasets.Prompt;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.plan.TaskSpec.Capture;
import io.goodhart.domain.plan.TaskSpec.Generate;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Samples responses, with activations if they are asked for. */
final class GenerateExecutor implements TaskExecutor<Generate> {
    private final ModelCache models;
    private final DataFiles data;

    GenerateExecutor(ModelCache models, DataFiles data) {
        this.models = models;
        this.data = data;
    }

    @Override
    public void execute(Generate spec, TaskContext context) {
        List<Prompt> prompts = data.prompts(context, spec.prompts());
        Set<HookPoint> points = points(spec.capture(), context);
        Pooling pooling = spec.capture() == null ? Pooling.MEAN : spec.capture().pooling();
        Sampler sampler = new Sampler(spec.sampling(), spec.samplesPerPrompt(), spec.seed(), points, pooling);
        Stages stages =
                context.stages().plan("generating", "responses", (long) prompts.size() * spec.samplesPerPrompt(), 1);
        LoadedModel base = models.decoder(context.filesRoot(), spec.model());
        try (Policy policy = Policy.of(base, context)) {
            stages.start("generating");
            Responses responses = sampler.sample(policy, prompts, stages, context.stop());
            JsonLines.write(context.output("responses"), responses.rows());
            Capture capture = spec.capture();
            if (capture != null) {
                write(spec, capture, responses, context);
            }
        }
    }

    private static Set<HookPoint> points(@Nullable Capture capture, TaskContext context) {
        if (capture == null) {
            return Set.of();
        }
        List<Integer> layers = capture.layers().isEmpty()
                ? List.of(ProbeSet.read(context.input("probes")).layer())
                : capture.layers();
        return layers.stream()
                .map(layer -> new HookPoint(capture.site(), layer))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void write(Generate spec, Capture capture, Responses responses, TaskContext context) {
        Map<Integer, TokenActivations> layers = new TreeMap<>();
        responses.activations().forEach((point, texts) -> layers.put(point.layer(), texts));
        if (layers.values().iterator().next().rows().n() == 0) {
            throw TaskFailedException.invalidInput("Every response is empty; there are no activations");
        }
        Activations.Source source = new Activations.Source(spec.model(), capture.site(), capture.pooling());
        Activations.of(source, layers).write(context.output("activations"));
    }
}
