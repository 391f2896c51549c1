package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.TaskReward;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrpoRulesTest {
    private static final OptionalLong PLENTY = OptionalLong.of(1L << 40);

    @Test
    void soundArmHasNoProblemAndTrlsDefaults() {
        assertThat(problems(grpo(TaskReward.BEHAVIOUR, 1.0, 3, 8, 0.1))).isEmpty();
        ArmSpec.Grpo arm = grpo(TaskReward.BEHAVIOUR, null, null, null, null);
        assertThat(arm).isEqualTo(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 8, 0.0));
        assertThat(arm.lossType()).isEqualTo(ArmSpec.GrpoLoss.DAPO);
        assertThat(arm.scaleRewards()).isEqualTo(ArmSpec.ScaleRewards.GROUP);
        assertThat(arm.trains()).isTrue();
    }

    @Test
    void valuesThatMakeNoSenseAreNamed() {
        assertThat(problems(grpo(TaskReward.BEHAVIOUR, -1.0, 1, 8, 0.1)))
                .containsExactly("out_of_range arms.grpo.lambda");
        assertThat(problems(grpo(TaskReward.BEHAVIOUR, 1.0, 4, 8, 0.1)))
                .containsExactly("out_of_range arms.grpo.probes");
        assertThat(problems(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 8, Double.NaN)))
                .containsExactly("out_of_range arms.grpo.beta");
        assertThat(problems(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 1, 0.0)))
                .containsExactly("out_of_range arms.grpo.num_generations");
        assertThat(problems(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 3, 0.0)))
                .containsExactly("contradiction arms.grpo.num_generations");
        assertThat(problems(grpo(TaskReward.NONE, 0.0, 1, 8, 0.0))).containsExactly("contradiction arms.grpo.lambda");
    }

    @Test
    void klWeightIsNotItsKlTerm() {
        TrainingSpec kl = new TrainingSpec(
                null, null, null, null, null, null, 0.1, null, null, null, null, null, null, null, null, null, null,
                null, null);
        ArmSpec arm = new ArmSpec.Grpo(TaskReward.BEHAVIOUR, null, null, null, null, null, null, null, kl);
        assertThat(problems(arm)).containsExactly("contradiction arms.grpo.training.kl_weight");
    }

    @Test
    void promptsOfThePairsAreNeeded() {
        ExperimentSpec spec = experiment(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 8, 0.0));
        assertThat(problems(Specs.withPairs(spec, PairSpec.sampled(0, 5, 0)))).contains("missing_field pairs.prompts");
    }

    @Test
    void armWithoutProbeIsTheControl() {
        List<String> warnings = new ArrayList<>();
        ExperimentSpec spec = experiment(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 8, 0.0));
        FileRules.check(spec, Specs.validationFacts(10_000, 20, PLENTY)).warnings().stream()
                .map(Problem::code)
                .forEach(warnings::add);
        assertThat(warnings).contains("no_control");
    }

    /** The fixture: prompts of 20 tokens, 24 new ones, 8 responses in a batch. Asking the reference is over when learning begins. */
    @Test
    void samplingAndLearningTakeTurns() {
        long learning = TaskMemory.training(
                Specs.MODEL,
                TrainingMode.LORA,
                AdapterSpec.DEFAULTS,
                TaskMemory.Graph.WHOLE,
                TaskMemory.Batch.ofResponses(8, 20, 24));
        long sampling = TaskMemory.trainedWeights(Specs.MODEL, TrainingMode.LORA)
                + TaskMemory.trainingState(Specs.MODEL, TrainingMode.LORA, AdapterSpec.DEFAULTS)
                + Math.max(
                        TaskMemory.classifying(Specs.SCORER),
                        Math.max(
                                TaskMemory.collecting(Specs.MODEL, 20 + 24, 1),
                                TaskMemory.generation(Specs.MODEL, 4, 20, 24)));
        long resident = TaskMemory.RUNTIME + TaskMemory.weights(Specs.MODEL) + TaskMemory.weights(Specs.SCORER);
        assertThat(bytes(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 4, 0.0)))
                .isEqualTo(bytes(grpo(TaskReward.BEHAVIOUR, 1.0, 1, 4, 0.1)))
                .isEqualTo(resident + Math.max(learning, sampling));
    }

    private static long bytes(ArmSpec arm) {
        Long bytes = MemoryEstimate.of(experiment(arm), Specs.validationFacts(10_000, 20, PLENTY))
                .bytesByKind()
                .get("train");
        return bytes == null ? 0 : bytes;
    }

    private static ArmSpec.Grpo grpo(
            TaskReward task,
            @Nullable Double lambda,
            @Nullable Integer probes,
            @Nullable Integer generations,
            @Nullable Double beta) {
        return new ArmSpec.Grpo(task, lambda, probes, null, generations, beta, null, null, TrainingSpec.EMPTY);
    }

    private static ExperimentSpec experiment(ArmSpec arm) {
        return Specs.experiment(Specs.arms("baseline", new ArmSpec.None(), "grpo", arm), 1L);
    }

    private static List<String> problems(ArmSpec arm) {
        return problems(experiment(arm));
    }

    private static List<String> problems(ExperimentSpec spec) {
        return ValueRules.check(spec).stream()
                .map(problem -> problem.code() + " " + problem.field())
                .toList();
    }
}
