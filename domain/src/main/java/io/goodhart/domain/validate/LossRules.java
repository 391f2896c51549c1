package io.goodhart.domain.validate;

import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.LossType;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules about losses.
 *
 * @param field path of the hyper-parameters
 */
record LossRules(Problems problems, String field) {
    private static final Set<LossType> SMOOTHED = Set.of(LossType.SIGMOID, LossType.ROBUST);

    /** Values that are out of range wherever they stand. */
    void check(TrainingSpec training) {
        if (training.beta() != null) {
            problems.positive(training.beta(), field + ".beta");
        }
        Double smoothing = training.labelSmoothing();
        problems.require(
                smoothing == null || (smoothing >= 0 && smoothing < 0.5),
                field + ".label_smoothing",
                "Must lie in [0, 0.5), got " + smoothing);
        if (training.klWeight() != null) {
            problems.notNegative(training.klWeight(), field + ".kl_weight");
        }
        List<LossType> types = training.lossType();
        if (types != null) {
            checkTypes(types);
        }
        List<Double> weights = training.lossWeights();
        if (weights != null) {
            weights.forEach(weight -> problems.positive(weight, field + ".loss_weights"));
        }
    }

    private void checkTypes(List<LossType> types) {
        long preferences = types.stream().filter(type -> type != LossType.SFT).count();
        if (new HashSet<>(types).size() < types.size()) {
            problems.add("duplicate", field + ".loss_type", "Each loss may occur once");
        } else if (preferences != 1) {
            problems.add(
                    "unsupported",
                    field + ".loss_type",
                    "Name one of sigmoid, robust, hinge and ipo, alone or beside sft; got %d of them"
                            .formatted(preferences));
        }
    }

    /** What only shows once an arm's hyper-parameters lie over the experiment's. */
    void check(ArmSpec arm, TrainingSpec experiment) {
        if (!(arm instanceof ArmSpec.Dpo)) {
            refusePairLoss(arm.training());
            return;
        }
        TrainingSpec together = experiment.overlaid(arm.training());
        int types = together.lossType() == null ? 1 : together.lossType().size();
        int weights =
                together.lossWeights() == null ? types : together.lossWeights().size();
        if (weights != types) {
            problems.add(
                    "contradiction",
                    field + ".loss_weights",
                    "Give one weight for each of loss_type: %d weights for %d losses".formatted(weights, types));
        } else if (types > 0) {
            checkSmoothing(PairLossSettings.of(together));
        }
    }

    private void checkSmoothing(PairLossSettings loss) {
        boolean smoothed = loss.labelSmoothing() != 0;
        if (smoothed && !SMOOTHED.contains(loss.type())) {
            problems.add(
                    "contradiction",
                    field + ".label_smoothing",
                    "hinge and ipo have no label smoothing: set it to 0 or leave it out");
        }
        if (!smoothed && loss.type() == LossType.ROBUST) {
            problems.add(
                    "contradiction",
                    field + ".label_smoothing",
                    "robust without label_smoothing is sigmoid: say how probable a flipped label is, such as 0.1");
        }
    }

    private void refusePairLoss(TrainingSpec training) {
        refuse(training.beta(), "beta");
        refuse(training.labelSmoothing(), "label_smoothing");
        refuse(training.lossType(), "loss_type");
        refuse(training.lossWeights(), "loss_weights");
    }

    private void refuse(@Nullable Object value, String name) {
        if (value != null) {
            problems.add("contradiction", field + "." + name, "Only an arm with method dpo has a loss on pairs");
        }
    }
}
