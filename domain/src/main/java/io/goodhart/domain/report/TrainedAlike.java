package io.goodhart.domain.report;

import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/**
 * What training was, but for its signal: arms for which this is equal are each other's controls and lend each other their spread
 * over seeds.
 *
 * @param on what is learnt from
 * @param settings hyper-parameters
 * @param loss loss on pairs; null without pairs
 * @param grpo how own responses are sampled and rewarded but for the probes; null without them
 */
public record TrainedAlike(
        On on, TrainingSettings settings, @Nullable PairLossSettings loss, ArmSpec.@Nullable Grpo grpo) {
    /** What is learnt from. */
    public enum On {
        NOTHING,
        PAIRS,
        TEXTS,
        OWN_RESPONSES
    }

    /** Of an arm with all its hyper-parameters. */
    public static TrainedAlike of(ArmSpec arm) {
        TrainingSpec training = arm.training();
        TrainingSettings settings = TrainingSettings.of(training);
        return switch (arm) {
            case ArmSpec.None _, ArmSpec.BestOfN _ -> new TrainedAlike(On.NOTHING, settings, null, null);
            case ArmSpec.Dpo _ -> new TrainedAlike(On.PAIRS, settings, PairLossSettings.of(training), null);
            case ArmSpec.Sft _, ArmSpec.ProbeSft _ -> new TrainedAlike(On.TEXTS, settings, null, null);
            case ArmSpec.Grpo grpo -> new TrainedAlike(On.OWN_RESPONSES, settings, null, grpo.withoutProbe());
        };
    }

    /** Whether an arm's signal is drawn: such training leads nowhere in particular, and its spread over seeds is its own. */
    public static boolean isRandom(ArmSpec arm) {
        return switch (arm) {
            case ArmSpec.Dpo dpo -> dpo.labelBy() == ArmSpec.LabelBy.RANDOM;
            case ArmSpec.BestOfN best -> best.labelBy() == ArmSpec.LabelBy.RANDOM;
            case ArmSpec.None _, ArmSpec.Sft _, ArmSpec.ProbeSft _, ArmSpec.Grpo _ -> false;
        };
    }
}
