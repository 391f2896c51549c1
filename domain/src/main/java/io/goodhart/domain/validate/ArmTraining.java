package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.TaskMemory.Batch;
import io.goodhart.domain.validate.TaskMemory.Graph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The training of one arm, as far as its memory goes.
 *
 * @param batch the longest rows that can be, no two of one shape
 * @param asksReference whether probes read the untrained model's activations at every step, while the policy's results wait
 * @param onPolicy what sampling, scoring and reading responses at every step takes, while optimiser and adapter wait; 0: nothing is
 *     sampled. It is over before the step's forward pass begins, and so is asking the reference for an estimate of the KL divergence
 * @param asked what the specification says of gradient checkpointing, if anything
 */
record ArmTraining(
        ModelFacts model,
        TrainingSettings settings,
        Batch batch,
        boolean asksReference,
        long onPolicy,
        Optional<Boolean> asked) {
    /** Of every arm that trains, by its name. */
    static Map<String, ArmTraining> all(ExperimentSpec spec, ValidationFacts facts) {
        Map<String, ArmTraining> trainings = new LinkedHashMap<>();
        spec.arms().forEach((name, arm) -> {
            if (arm.trains()) {
                trainings.put(name, of(spec, arm, facts));
            }
        });
        return trainings;
    }

    private static ArmTraining of(ExperimentSpec spec, ArmSpec arm, ValidationFacts facts) {
        TrainingSpec together = spec.training().overlaid(arm.training());
        TrainingSettings settings = TrainingSettings.of(together);
        int longest = facts.longestRead(spec.longestResponse());
        long length = settings.maxLength() == 0 ? longest : Math.min(settings.maxLength(), longest);
        return new ArmTraining(
                facts.model(),
                settings,
                batch(arm, spec, facts, settings.perDeviceTrainBatchSize(), length),
                asksReference(arm),
                arm instanceof ArmSpec.Grpo grpo ? onPolicy(grpo, spec, settings, facts) : 0,
                readsInsideABlock(spec, arm)
                        ? Optional.of(false)
                        : Optional.ofNullable(together.gradientCheckpointing()));
    }

    private static boolean asksReference(ArmSpec arm) {
        return switch (arm) {
            case ArmSpec.ProbeSft sft -> sft.activations() == ArmSpec.ProbedModel.REFERENCE;
            default -> false;
        };
    }

    /** The adapter added into a copy of its matrices (what trains all weights samples itself), and the largest of sampling, reading and scoring with them. */
    private static long onPolicy(
            ArmSpec.Grpo arm, ExperimentSpec spec, TrainingSettings settings, ValidationFacts facts) {
        ModelFacts model = facts.model();
        int newTokens = spec.responses().maxNewTokens();
        long generating = TaskMemory.generation(
                model, arm.numGenerations(), facts.prompts().longestTokens(), newTokens);
        long collecting = TaskMemory.collecting(model, longestOwn(spec, facts), 1);
        long scoring = facts.classifier().map(TaskMemory::classifying).orElse(0L);
        long merged = settings.mode() == TrainingMode.LORA ? TaskMemory.trainedWeights(model, settings.mode()) : 0;
        return merged + Math.max(scoring, Math.max(generating, collecting));
    }

    /** Blocks that are computed again hand out nothing from inside: the loss reads none of it. */
    private static boolean readsInsideABlock(ExperimentSpec spec, ArmSpec arm) {
        return arm instanceof ArmSpec.ProbeSft sft
                && sft.activations() == ArmSpec.ProbedModel.POLICY
                && spec.probes().site() != Site.RESID_POST;
    }

    /** Tokens of the longest prompt with the longest response. */
    private static long longestOwn(ExperimentSpec spec, ValidationFacts facts) {
        return facts.prompts().longestTokens() + (long) spec.responses().maxNewTokens();
    }

    /** A prompt is cut where it and a response fill a row; a data set's pair may be two responses as long as a row. */
    private static Batch batch(ArmSpec arm, ExperimentSpec spec, ValidationFacts facts, long rows, long length) {
        long response = Math.min(spec.responses().maxNewTokens(), length);
        long prompt = Math.min(facts.prompts().longestTokens(), length - response);
        return switch (arm) {
            case ArmSpec.Dpo dpo when dpo.readsPairs() -> Batch.ofPairs(rows, 0, length);
            case ArmSpec.Dpo _ -> Batch.ofPairs(rows, prompt, response);
            case ArmSpec.Grpo _ -> Batch.ofResponses(rows, prompt, response);
            default -> Batch.ofTexts(rows, length);
        };
    }

    /** Peak memory beside the models that stay loaded. */
    long bytes(Graph graph) {
        AdapterSpec adapter = settings.adapter() == null ? AdapterSpec.DEFAULTS : settings.adapter();
        long learning = TaskMemory.training(model, settings.mode(), adapter, graph, batch) + asking();
        return Math.max(learning, onPolicy + TaskMemory.trainingState(model, settings.mode(), adapter));
    }

    /** What asking the reference at every step takes. DPO alone asks it beforehand. */
    private long asking() {
        if (settings.klWeight() > 0) {
            return TaskMemory.divergence(model, batch);
        }
        return asksReference ? TaskMemory.reference(model, batch) : 0;
    }

    /**
     * Whether blocks are computed twice: as asked, else if it fits the largest worker so and not otherwise.
     *
     * @param resident memory beside the training
     * @param available memory of the largest worker, if one is alive
     */
    boolean isCheckpointed(long resident, OptionalLong available) {
        return asked.orElseGet(() -> available.isPresent()
                && resident + bytes(Graph.WHOLE) > available.getAsLong()
                && resident + bytes(Graph.CHECKPOINTED) <= available.getAsLong());
    }
}
