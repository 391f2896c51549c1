package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingSettings;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Peak resident memory of a worker's child process beside its Java heap, in bytes: what cannot run is refused by it. Base model and
 * scorer count for every kind, because a child keeps both from task to task.
 *
 * @param bytesByKind the largest task of each kind, by the kind's outside name
 */
public record MemoryEstimate(Map<String, Long> bytesByKind) {
    /** Responses that the engine samples at once. */
    private static final int GENERATION_BATCH = 64;

    public MemoryEstimate {
        bytesByKind = Collections.unmodifiableMap(new LinkedHashMap<>(bytesByKind));
    }

    /** Of the tasks that a specification leads to. */
    public static MemoryEstimate of(ExperimentSpec spec, ValidationFacts facts) {
        ModelFacts model = facts.model();
        long resident = TaskMemory.RUNTIME
                + TaskMemory.weights(model)
                + facts.classifier().map(TaskMemory::weights).orElse(0L);
        long trained = trainedWeights(spec, model);
        long generating = TaskMemory.generation(
                model,
                GENERATION_BATCH,
                facts.prompts().longestTokens(),
                spec.responses().maxNewTokens());
        long reading = TaskMemory.logProbs(model, model.context());
        long collecting = TaskMemory.collecting(model, model.context(), model.layers());
        long scoring = facts.classifier().map(TaskMemory::classifying).orElse(0L);
        Map<String, Long> work = Map.of(
                "generate",
                trained + Math.max(generating, collecting),
                "score",
                scoring,
                "log_probs",
                reading,
                "train",
                training(spec, facts),
                "fit_probes",
                KeptTokens.of(spec, model).fittingTensors(),
                "evaluate",
                trained + Math.max(scoring, Math.max(generating, reading)));
        Map<String, Long> bytes = new LinkedHashMap<>();
        TaskSpec.kinds().keySet().forEach(kind -> bytes.put(kind, resident + work.getOrDefault(kind, 0L)));
        return new MemoryEstimate(bytes);
    }

    /** A child does one task after the other. */
    public long peakBytes() {
        return Collections.max(bytesByKind.values());
    }

    private static long trainedWeights(ExperimentSpec spec, ModelFacts model) {
        return trainedArms(spec).stream()
                .mapToLong(arm ->
                        TaskMemory.trainedWeights(model, settings(spec, arm).mode()))
                .max()
                .orElse(0);
    }

    private static long training(ExperimentSpec spec, ValidationFacts facts) {
        return trainedArms(spec).stream()
                .mapToLong(arm -> training(arm, settings(spec, arm), spec, facts))
                .max()
                .orElse(0);
    }

    private static long training(ArmSpec arm, TrainingSettings settings, ExperimentSpec spec, ValidationFacts facts) {
        ModelFacts model = facts.model();
        AdapterSpec adapter = settings.adapter() == null ? AdapterSpec.DEFAULTS : settings.adapter();
        long length = settings.maxLength() == 0 ? model.context() : Math.min(settings.maxLength(), model.context());
        long row = arm instanceof ArmSpec.Dpo ? pairTokens(spec, facts, length) : length;
        long tokens = row * settings.perDeviceTrainBatchSize();
        return TaskMemory.training(model, settings.mode(), adapter, tokens) + asking(arm, settings, model, tokens);
    }

    /** What asking the reference at every step takes. DPO alone asks it beforehand. */
    private static long asking(ArmSpec arm, TrainingSettings settings, ModelFacts model, long tokens) {
        if (settings.klWeight() > 0) {
            return TaskMemory.divergence(model, tokens);
        }
        boolean probed = arm instanceof ArmSpec.ProbeSft sft && sft.activations() == ArmSpec.ProbedModel.REFERENCE;
        return probed ? TaskMemory.reference(model, tokens) : 0;
    }

    /** Tokens of the largest pair that can be: a prompt, which is computed once, and two responses, each cut where both fill a row. */
    private static long pairTokens(ExperimentSpec spec, ValidationFacts facts, long length) {
        long response = Math.min(spec.responses().maxNewTokens(), length);
        long prompt = Math.min(facts.prompts().longestTokens(), length - response);
        return prompt + 2 * response;
    }

    private static Collection<ArmSpec> trainedArms(ExperimentSpec spec) {
        return spec.arms().values().stream()
                .filter(arm -> !(arm instanceof ArmSpec.None))
                .toList();
    }

    private static TrainingSettings settings(ExperimentSpec spec, ArmSpec arm) {
        return TrainingSettings.of(spec.training().overlaid(arm.training()));
    }
}
