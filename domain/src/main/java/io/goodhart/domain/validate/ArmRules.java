package io.goodhart.domain.validate;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/** Rules about arms and their hyper-parameters. */
final class ArmRules {
    private final ExperimentSpec spec;
    private final Problems problems;

    private ArmRules(ExperimentSpec spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
    }

    static void check(ExperimentSpec spec, Problems problems) {
        ArmRules rules = new ArmRules(spec, problems);
        long baselines = spec.arms().values().stream()
                .filter(ArmSpec.None.class::isInstance)
                .count();
        if (baselines != 1) {
            problems.add("baseline_required", "arms", "Exactly one arm has method none, got " + baselines);
        }
        rules.checkTraining(spec.training(), "training");
        spec.arms().forEach((name, arm) -> rules.checkArm(arm, name));
    }

    private void checkArm(ArmSpec arm, String name) {
        String field = "arms." + name;
        problems.require(
                name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,59}"),
                field,
                "Names start with a letter or digit and have letters, digits, _ and - only");
        checkTraining(arm.training(), field + ".training");
        new LossRules(problems, field + ".training").check(arm, spec.training());
        checkTogether(arm, field);
        switch (arm) {
            case ArmSpec.None ignored -> {}
            case ArmSpec.Dpo dpo -> checkDpo(dpo, field);
            case ArmSpec.BestOfN best -> checkBestOfN(best, field);
            case ArmSpec.Sft ignored -> requireTexts(field);
            case ArmSpec.ProbeSft sft -> checkProbeSft(sft, field);
            case ArmSpec.Grpo grpo -> new GrpoRules(spec, problems, field).check(grpo);
        }
    }

    private void checkDpo(ArmSpec.Dpo dpo, String field) {
        if (spec.pairs() == null) {
            problems.add(
                    "missing_field", "pairs", "Arm " + field + " trains on preference pairs: say how they are made");
        }
        if (dpo.readsPairs()) {
            if (spec.pairs() != null && spec.pairs().dataset() == null) {
                problems.add("missing_field", "pairs.dataset", "Arm " + field + " reads pairs: say of which data set");
            }
        } else if (spec.pairs() != null && spec.pairs().prompts() == 0) {
            problems.add(
                    "missing_field", "pairs.prompts", "Arm " + field + " samples responses: say to how many prompts");
        }
        checkLabels(dpo.labelBy(), dpo.probes(), dpo.combine(), field);
    }

    private void checkBestOfN(ArmSpec.BestOfN best, String field) {
        problems.within(best.n(), 2, 100, field + ".n");
        if (!spec.responses().drawsRandomly()) {
            problems.add(
                    "contradiction",
                    "responses.temperature",
                    "Greedy responses to one prompt are all the same: the best of n needs a temperature above 0");
        }
        if (best.labelBy() == ArmSpec.LabelBy.DATASET) {
            problems.add("contradiction", field + ".label_by", "A data set labels pairs, not sampled responses");
        }
        checkLabels(best.labelBy(), best.probes(), best.combine(), field);
    }

    private void checkLabels(
            ArmSpec.LabelBy labelBy, @Nullable Integer probes, ArmSpec.@Nullable Combine combine, String field) {
        if (labelBy == ArmSpec.LabelBy.PROBES) {
            checkNumber(probes == null ? 1 : probes, field + ".probes");
        } else if (probes != null || combine != null) {
            problems.add("contradiction", field, "Only label_by: probes takes probes and combine");
        }
    }

    private void checkProbeSft(ArmSpec.ProbeSft sft, String field) {
        requireTexts(field);
        checkNumber(sft.probes(), field + ".probes");
        if (!spec.probes().kind().isLinear() || spec.probes().pooling() == Pooling.PER_TOKEN) {
            problems.add(
                    "unsupported",
                    field,
                    "probe_sft trains against a direction of pooled activations: needs probes of kind logistic, mean_difference or subspace, and pooling mean, last or max");
        }
        TrainingSpec together = spec.training().overlaid(sft.training());
        if (Boolean.TRUE.equals(together.gradientCheckpointing())
                && sft.activations() == ArmSpec.ProbedModel.POLICY
                && spec.probes().site() != Site.RESID_POST) {
            problems.add(
                    "unsupported",
                    field + ".training.gradient_checkpointing",
                    "Inside a checkpointed block no probe can be read: use probes of site resid_post, or set it to false");
        }
        problems.within(sft.switchEvery(), 1, Problems.MANY, field + ".switch_every");
        problems.notNegative(sft.lambda(), field + ".lambda");
        if (sft.activations() == ArmSpec.ProbedModel.REFERENCE) {
            problems.require(
                    sft.lambda() <= 1,
                    field + ".lambda",
                    "With activations: reference a text weighs 1 - lambda * p, which must not be negative: at most 1, got "
                            + sft.lambda());
            if (sft.output() != ArmSpec.ProbeOutput.PROBABILITY) {
                problems.add(
                        "contradiction",
                        field + ".output",
                        "With activations: reference the probe weighs texts: only output probability has bounds");
            }
        }
    }

    private void checkNumber(int probes, String field) {
        int available = spec.probes().train();
        problems.require(
                probes >= 1 && probes <= available,
                field,
                "Must lie in 1 to %d (probes.train), got %d".formatted(available, probes));
    }

    private void requireTexts(String field) {
        if (spec.texts() == null) {
            problems.add("missing_field", "texts", "Arm " + field + " trains on texts: say which");
        }
    }

    private void checkTraining(TrainingSpec training, String field) {
        TrainingSettings settings = TrainingSettings.of(training);
        problems.positive(settings.learningRate(), field + ".learning_rate");
        new LossRules(problems, field).check(training);
        problems.within(settings.warmupSteps(), 0, Problems.MANY, field + ".warmup_steps");
        problems.within(settings.minLrRatio(), 0, 1, field + ".min_lr_ratio");
        problems.within(settings.numTrainEpochs(), 1, 10_000, field + ".num_train_epochs");
        problems.within(settings.perDeviceTrainBatchSize(), 1, 4096, field + ".per_device_train_batch_size");
        problems.within(settings.gradientAccumulationSteps(), 1, 10_000, field + ".gradient_accumulation_steps");
        problems.within(settings.weightDecay(), 0, 1, field + ".weight_decay");
        problems.positive(settings.maxGradNorm(), field + ".max_grad_norm");
        problems.within(settings.maxLength(), 0, Problems.MANY, field + ".max_length");
        problems.within(settings.saveSteps(), 1, Problems.MANY, field + ".save_steps");
        if (training.adapter() != null) {
            checkAdapter(training.adapter(), field + ".adapter");
        }
    }

    /** What only shows once the arm's hyper-parameters lie over the experiment's. */
    private void checkTogether(ArmSpec arm, String field) {
        TrainingSpec together = spec.training().overlaid(arm.training());
        if (together.mode() == TrainingMode.FULL && together.adapter() != null) {
            problems.add("contradiction", field, "Full fine-tuning has no adapter: leave adapter out or use mode lora");
        }
    }

    private void checkAdapter(AdapterSpec adapter, String field) {
        problems.within(adapter.rank(), 1, 4096, field + ".rank");
        problems.positive(adapter.alpha(), field + ".alpha");
        if (adapter.dropout() != 0) {
            problems.add("unsupported", field + ".dropout", "Dropout is not supported: leave it out or set it to 0");
        }
        problems.require(!adapter.targetModules().isEmpty(), field + ".target_modules", "Name at least one module");
    }
}
