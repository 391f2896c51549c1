package io.goodhart.trainer.execute;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.GrpoObjective;
import io.goodhart.tuning.objective.HingeObjective;
import io.goodhart.tuning.objective.IpoObjective;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.PreferenceObjective;
import io.goodhart.tuning.objective.ProbeAggregation;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.RobustDpoObjective;
import java.util.Optional;

/** What a specification's words for losses mean in the engine. */
final class Losses {
    private Losses() {}

    static PairLoss of(PairLossSettings loss, Optional<KlAnchor> kl) {
        return new PairLoss(preference(loss), loss.weight(), loss.nllWeight(), kl);
    }

    private static PreferenceObjective preference(PairLossSettings loss) {
        return switch (loss.type()) {
            case SIGMOID -> new DpoObjective(loss.beta(), loss.labelSmoothing());
            case ROBUST -> new RobustDpoObjective(loss.beta(), loss.labelSmoothing());
            case HINGE -> new HingeObjective(loss.beta());
            case IPO -> new IpoObjective(loss.beta(), IpoObjective.Length.AVERAGED);
            case SFT -> throw new IllegalArgumentException("sft stands beside a preference loss");
        };
    }

    /** @param longest tokens of the longest response */
    static GrpoObjective of(Objective.Grpo grpo, int longest) {
        GrpoObjective.Average average = switch (grpo.lossType()) {
            case GRPO -> GrpoObjective.Average.SEQUENCE;
            case DR_GRPO -> GrpoObjective.Average.LONGEST;
            case DAPO -> GrpoObjective.Average.TOKEN;
        };
        boolean scaled = grpo.scaleRewards() == ArmSpec.ScaleRewards.GROUP;
        return new GrpoObjective(grpo.lambda(), grpo.beta(), scaled, average, longest);
    }

    static ProbeAggregation aggregation(Objective.ProbeSft sft, long seed) {
        return switch (sft.combine()) {
            case AVERAGE -> new ProbeAggregation.Average();
            case RANDOM_SWITCH -> new ProbeAggregation.RandomSwitch(Seeds.derive(seed, "probe switch"));
            case TIMED_SWITCH -> new ProbeAggregation.TimedSwitch(sft.switchEvery());
            case MIN -> new ProbeAggregation.Minimum();
            case MAX -> new ProbeAggregation.Maximum();
        };
    }

    static ProbeSftObjective.Output output(ArmSpec.ProbeOutput output) {
        return switch (output) {
            case PROBABILITY -> ProbeSftObjective.Output.PROBABILITY;
            case LOGIT -> ProbeSftObjective.Output.LOGIT;
        };
    }

    static ProbeSftObjective.Source source(ArmSpec.ProbedModel activations) {
        return switch (activations) {
            case POLICY -> ProbeSftObjective.Source.POLICY;
            case REFERENCE -> ProbeSftObjective.Source.REFERENCE;
        };
    }
}
