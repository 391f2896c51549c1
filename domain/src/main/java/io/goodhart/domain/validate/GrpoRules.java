package io.goodhart.domain.validate;

import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.TrainingSettings;

/**
 * Rules about an arm that trains on its own responses.
 *
 * @param field path of the arm
 */
record GrpoRules(ExperimentSpec spec, Problems problems, String field) {
    void check(ArmSpec.Grpo grpo) {
        checkReward(grpo);
        checkSampling();
        problems.within(grpo.numGenerations(), 2, 1024, field + ".num_generations");
        TrainingSettings settings = TrainingSettings.of(spec.training().overlaid(grpo.training()));
        if (grpo.numGenerations() >= 1 && settings.perDeviceTrainBatchSize() % grpo.numGenerations() != 0) {
            problems.add(
                    "contradiction",
                    field + ".num_generations",
                    "per_device_train_batch_size counts responses and holds whole groups: %d is no multiple of %d"
                            .formatted(settings.perDeviceTrainBatchSize(), grpo.numGenerations()));
        }
        if (settings.klWeight() > 0) {
            problems.add(
                    "contradiction",
                    field + ".training.kl_weight",
                    "The KL term of grpo is beta: set kl_weight to 0 in this arm or leave it out");
        }
        if (spec.pairs() == null || spec.pairs().prompts() == 0) {
            problems.add(
                    "missing_field",
                    "pairs.prompts",
                    "Arm " + field + " samples responses to the prompts of the pairs: say how many");
        }
    }

    private void checkReward(ArmSpec.Grpo grpo) {
        int available = spec.probes().train();
        problems.require(
                grpo.probes() >= 1 && grpo.probes() <= available,
                field + ".probes",
                "Must lie in 1 to %d (probes.train), got %d".formatted(available, grpo.probes()));
        problems.notNegative(grpo.lambda(), field + ".lambda");
        problems.notNegative(grpo.beta(), field + ".beta");
        if (grpo.task() == ArmSpec.TaskReward.NONE && grpo.lambda() == 0) {
            problems.add(
                    "contradiction",
                    field + ".lambda",
                    "With task: none and lambda: 0 every response has the reward 0");
        }
    }

    /** The gradient is that of the distribution which responses are drawn from. */
    private void checkSampling() {
        ResponseSpec responses = spec.responses();
        if (responses.temperature() != 1 || responses.topK() != 0 || responses.topP() != 1) {
            problems.add(
                    "unsupported",
                    "responses",
                    "Arm %s learns from its own distribution: responses need temperature 1, top_k 0 and top_p 1"
                            .formatted(field));
        }
    }
}
