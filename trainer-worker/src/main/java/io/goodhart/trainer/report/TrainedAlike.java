package io.goodhart.trainer.report;

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
 */
record TrainedAlike(
        On on, TrainingSettings settings, @Nullable PairLossSettings loss) {
    /** What is learnt from. */
    enum On {
        NOTHING,
        PAIRS,
        TEXTS
    }

    /** Of an arm with all its hyper-parameters. */
    static TrainedAlike of(ArmSpec arm) {
        TrainingSpec training = arm.training();
        TrainingSettings settings = TrainingSettings.of(training);
        return switch (arm) {
            case ArmSpec.None _, ArmSpec.BestOfN _ -> new TrainedAlike(On.NOTHING, settings, null);
            case ArmSpec.Dpo _ -> new TrainedAlike(On.PAIRS, settings, PairLossSettings.of(training));
            case ArmSpec.Sft _, ArmSpec.ProbeSft _ -> new TrainedAlike(On.TEXTS, settings, null);
        };
    }
}
