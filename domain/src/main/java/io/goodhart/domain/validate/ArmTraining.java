package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.TaskMemory.Graph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The training of one arm, as far as its memory goes.
 *
 * @param row tokens of the longest row that can be; a pair is one row, in which its prompt counts once
 * @param pairs whether rows are pairs
 * @param asksReference whether probes read the untrained model's activations at every step
 * @param asked what the specification says of gradient checkpointing, if anything
 */
record ArmTraining(
        ModelFacts model,
        TrainingSettings settings,
        long row,
        boolean pairs,
        boolean asksReference,
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
        int context = facts.model().context();
        long length = settings.maxLength() == 0 ? context : Math.min(settings.maxLength(), context);
        return new ArmTraining(
                facts.model(),
                settings,
                arm instanceof ArmSpec.Dpo dpo ? pairTokens(dpo, spec, facts, length) : length,
                arm instanceof ArmSpec.Dpo,
                arm instanceof ArmSpec.ProbeSft sft && sft.activations() == ArmSpec.ProbedModel.REFERENCE,
                readsInsideABlock(spec, arm)
                        ? Optional.of(false)
                        : Optional.ofNullable(together.gradientCheckpointing()));
    }

    /** Blocks that are computed again hand out nothing from inside: the loss reads none of it. */
    private static boolean readsInsideABlock(ExperimentSpec spec, ArmSpec arm) {
        return arm instanceof ArmSpec.ProbeSft sft
                && sft.activations() == ArmSpec.ProbedModel.POLICY
                && spec.probes().site() != Site.RESID_POST;
    }

    /** Tokens of the largest pair that can be: a prompt, which is computed once, and two responses, each cut where both fill a row. */
    private static long pairTokens(ArmSpec.Dpo arm, ExperimentSpec spec, ValidationFacts facts, long length) {
        if (arm.readsPairs()) {
            return 2 * length;
        }
        long response = Math.min(spec.responses().maxNewTokens(), length);
        long prompt = Math.min(facts.prompts().longestTokens(), length - response);
        return prompt + 2 * response;
    }

    /** Peak memory beside the models that stay loaded. */
    long bytes(Graph graph) {
        AdapterSpec adapter = settings.adapter() == null ? AdapterSpec.DEFAULTS : settings.adapter();
        long rows = settings.perDeviceTrainBatchSize();
        long masks = pairs ? TaskMemory.masks(model, graph, rows, row) : 0;
        return masks + TaskMemory.training(model, settings.mode(), adapter, graph, row * rows) + asking(row * rows);
    }

    /** What asking the reference at every step takes. DPO alone asks it beforehand. */
    private long asking(long tokens) {
        if (settings.klWeight() > 0) {
            return TaskMemory.divergence(model, tokens);
        }
        return asksReference ? TaskMemory.reference(model, tokens) : 0;
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
