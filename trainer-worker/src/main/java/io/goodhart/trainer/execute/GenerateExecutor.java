package io.goodhart.trainer.execute;

import io.goodhart.datasets.Prompt;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.plan.TaskSpec.Capture;
import io.goodhart.domain.plan.TaskSpec.Generate;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        Capture capture = spec.capture();
        Optional<CapturedPoints> captured = Optional.ofNullable(capture).map(what -> CapturedPoints.of(what, context));
        Set<HookPoint> points = captured.map(CapturedPoints::points).orElse(Set.of());
        Pooling pooling = capture == null ? Pooling.MEAN : capture.pooling();
        Sampler sampler = new Sampler(spec.sampling(), spec.samplesPerPrompt(), spec.seed(), points, pooling);
        Stages stages =
                context.stages().plan("generating", "responses", (long) prompts.size() * spec.samplesPerPrompt(), 1);
        LoadedModel base = models.decoder(context.filesRoot(), spec.model());
        try (Policy policy = Policy.of(base, context)) {
            stages.start("generating");
            Responses responses = sampler.sample(policy, prompts, stages, context.stop());
            JsonLines.write(context.output("responses"), responses.rows());
            captured.ifPresent(one -> one.write(spec.model(), responses.activations(), context));
        }
    }
}
