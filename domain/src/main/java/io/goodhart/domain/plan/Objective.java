package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.ResponseSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a training minimises. */
public sealed interface Objective {
    /** Every kind by the name it has outside. */
    static Map<String, Class<? extends Objective>> kinds() {
        return Map.of("dpo", Dpo.class, "sft", Sft.class, "probe_sft", ProbeSft.class, "grpo", Grpo.class);
    }

    /** Every data file that it learns from. */
    default List<DatasetRevision> datasets() {
        return switch (this) {
            case Dpo _ -> List.of();
            case Sft sft -> List.of(sft.texts().dataset());
            case ProbeSft sft -> List.of(sft.texts().dataset());
            case Grpo grpo -> grpo.everyDataset();
        };
    }

    /** A preference loss (Rafailov et al. 2023, eq. 7, and its kin). Input {@code pairs}. */
    record Dpo(PairLossSettings loss) implements Objective {}

    /** Next-token NLL of whole texts. */
    record Sft(TextSlice texts) implements Objective {}

    /**
     * L_LM + λ·p_probe(h̄) (Wehner and Fritz 2025), or of the reference's activations L_LM weighted by 1 − λ·p_probe. Input {@code
     * probes}: the first {@code probes} of role train.
     */
    record ProbeSft(
            TextSlice texts,
            double lambda,
            int probes,
            ArmSpec.ProbeAggregation combine,
            int switchEvery,
            ArmSpec.ProbeOutput output,
            ArmSpec.ProbedModel activations)
            implements Objective {}

    /**
     * On-policy training with reward task − λ·p (Shao et al. 2024, eq. 3). Input {@code probes}: the first {@code probes} of role
     * train.
     *
     * @param sampling how responses are sampled; the sampling policy is the one that is trained
     * @param scorer what scores responses; null where the task rewards nothing
     */
    record Grpo(
            PromptSlice prompts,
            ResponseSpec sampling,
            @Nullable Scorer scorer,
            ArmSpec.TaskReward task,
            double lambda,
            int probes,
            ArmSpec.Combine combine,
            int numGenerations,
            double beta,
            ArmSpec.ScaleRewards scaleRewards,
            ArmSpec.GrpoLoss lossType)
            implements Objective {
        private List<DatasetRevision> everyDataset() {
            List<DatasetRevision> datasets = new ArrayList<>(scorer == null ? List.of() : scorer.datasets());
            datasets.add(prompts.dataset());
            return datasets;
        }
    }
}
