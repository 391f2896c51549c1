package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.TrainedAlike;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.LossType;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescriptionTest {
    @Test
    void plainDpoSaysWhoOrderedThePairs() {
        assertThat(Description.of(new ArmSpec.Dpo(ArmSpec.LabelBy.PROBES, 3, null, TrainingSpec.EMPTY)))
                .isEqualTo("DPO, pairs ordered by the mean of 3 probes");
        assertThat(Description.of(new ArmSpec.Dpo(ArmSpec.LabelBy.RANDOM, null, null, TrainingSpec.EMPTY)))
                .isEqualTo("DPO, pairs ordered at random: a control");
    }

    @Test
    void everyTermOfTheLossIsNamed() {
        assertThat(dpo(null, null, 0.1, null))
                .isEqualTo("conservative DPO (label smoothing 0.1), pairs ordered by the scorer");
        assertThat(dpo(List.of(LossType.ROBUST), null, 0.1, null))
                .isEqualTo("robust DPO (label smoothing 0.1), pairs ordered by the scorer");
        assertThat(dpo(List.of(LossType.IPO, LossType.SFT), List.of(2.0, 0.5), null, 0.05))
                .isEqualTo(
                        "2 · IPO, pairs ordered by the scorer; + 0.5 · NLL of the chosen; + 0.05 · KL from the untrained model");
    }

    @Test
    void probesOnTheUntrainedModelAreBeyondThePaper() {
        ArmSpec arm = new ArmSpec.ProbeSft(0.7, 2, null, null, null, ArmSpec.ProbedModel.REFERENCE, TrainingSpec.EMPTY);
        assertThat(Description.of(arm))
                .isEqualTo(
                        "supervised fine-tuning, a text's likelihood weighted by 1 − 0.7 · probe probability on the untrained"
                                + " model (beyond the paper); 2 probes, timed switch");
    }

    @Test
    void armsTrainAlikeIfOnlyTheSignalDiffers() {
        ArmSpec.Dpo probes = new ArmSpec.Dpo(ArmSpec.LabelBy.PROBES, 3, null, training(null, null, null, 0.1));
        ArmSpec.Dpo random = new ArmSpec.Dpo(ArmSpec.LabelBy.RANDOM, null, null, training(null, null, null, 0.1));
        ArmSpec.Dpo hinge =
                new ArmSpec.Dpo(ArmSpec.LabelBy.RANDOM, null, null, training(List.of(LossType.HINGE), null, null, 0.1));
        assertThat(TrainedAlike.of(probes)).isEqualTo(TrainedAlike.of(random)).isNotEqualTo(TrainedAlike.of(hinge));
        assertThat(TrainedAlike.of(random))
                .isNotEqualTo(TrainedAlike.of(new ArmSpec.Dpo(ArmSpec.LabelBy.RANDOM, null, null, TrainingSpec.EMPTY)));
        assertThat(TrainedAlike.of(new ArmSpec.Sft(TrainingSpec.EMPTY)))
                .isEqualTo(TrainedAlike.of(new ArmSpec.ProbeSft(9.0, 1, null, null, null, null, TrainingSpec.EMPTY)));
    }

    @Test
    void ownResponsesTrainAlikeWhateverTheProbesInTheirReward() {
        ArmSpec.Grpo control = grpo(ArmSpec.TaskReward.ANTI_BEHAVIOUR, 0);
        ArmSpec.Grpo probed = grpo(ArmSpec.TaskReward.ANTI_BEHAVIOUR, 1);
        assertThat(Description.of(control))
                .isEqualTo(
                        "GRPO on its own responses (beyond the paper), 8 a prompt, reward 1 − score: a control, no probe in the"
                                + " reward; + 0.1 · KL from the untrained model");
        assertThat(Description.of(grpo(ArmSpec.TaskReward.NONE, 2)))
                .contains("reward − 2 · probability of the mean of 3 probes");
        assertThat(TrainedAlike.of(probed))
                .isEqualTo(TrainedAlike.of(control))
                .isNotEqualTo(TrainedAlike.of(grpo(ArmSpec.TaskReward.BEHAVIOUR, 1)));
    }

    private static ArmSpec.Grpo grpo(ArmSpec.TaskReward task, double lambda) {
        return new ArmSpec.Grpo(task, lambda, 3, null, null, 0.1, null, null, TrainingSpec.EMPTY);
    }

    private static String dpo(
            @Nullable List<LossType> types,
            @Nullable List<Double> weights,
            @Nullable Double smoothing,
            @Nullable Double kl) {
        return Description.of(
                new ArmSpec.Dpo(ArmSpec.LabelBy.SCORER, null, null, training(types, weights, smoothing, kl)));
    }

    private static TrainingSpec training(
            @Nullable List<LossType> types,
            @Nullable List<Double> weights,
            @Nullable Double smoothing,
            @Nullable Double kl) {
        return new TrainingSpec(
                null, null, null, smoothing, types, weights, kl, null, null, null, null, null, null, null, null, null,
                null, null, null);
    }
}
