package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Specs;
import io.goodhart.domain.cost.PlannedWorkloads;
import io.goodhart.domain.cost.Workload;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Probes whose responses are sampled in a way of their own. */
class ProbeResponsesPlanTest {
    private static final ResponseSpec GREEDY = new ResponseSpec(48, 0.0, 0, 1.0);
    private static final int LONGEST_PROMPT = 20;
    private static final int CONTEXT = 256;

    private static ExperimentSpec spec(@Nullable ResponseSpec ofProbes) {
        Map<String, ArmSpec> arms = arms(
                "baseline",
                new ArmSpec.None(),
                "dpo",
                dpo(LabelBy.PROBES, 2),
                "best",
                new ArmSpec.BestOfN(4, LabelBy.SCORER, null, null));
        return Specs.experiment(
                arms,
                ProbeFields.probes(probes -> {
                    probes.samplesPerPrompt = 1;
                    probes.retrained = 2;
                    probes.responses = ofProbes;
                }),
                TrainingSpec.EMPTY,
                List.of(1L));
    }

    private static Plan plan(@Nullable ResponseSpec ofProbes) {
        return Planner.plan(spec(ofProbes), Specs.facts(), Set.of());
    }

    private static Stream<TaskSpec.Generate> generated(Plan plan) {
        return plan.tasks().stream()
                .map(PlannedTask::spec)
                .filter(TaskSpec.Generate.class::isInstance)
                .map(TaskSpec.Generate.class::cast);
    }

    private static TaskSpec.Report report(Plan plan) {
        return (TaskSpec.Report) plan.task(plan.report()).spec();
    }

    private static Set<TaskKey> keys(Plan plan) {
        return plan.tasks().stream().map(PlannedTask::key).collect(Collectors.toSet());
    }

    /** What a fit reads, whether before training or after it, on the model's own texts or on shared ones. */
    private static Set<ResponseSpec> inputsOf(Plan plan, Class<? extends TaskSpec> kind, String prefix) {
        return plan.tasks().stream()
                .filter(task -> kind.isInstance(task.spec()))
                .flatMap(task -> task.inputs().entrySet().stream())
                .filter(input -> input.getKey().startsWith(prefix))
                .map(input -> plan.task(input.getValue().task()).spec())
                .map(task -> ((TaskSpec.Generate) task).sampling())
                .collect(Collectors.toSet());
    }

    @Test
    void everyProbeIsFittedOnThemAndNothingElseIs() {
        ExperimentSpec spec = spec(GREEDY);
        Plan plan = plan(GREEDY);
        assertThat(inputsOf(plan, TaskSpec.FitProbes.class, "responses.")).containsExactly(GREEDY);
        assertThat(inputsOf(plan, TaskSpec.Evaluate.class, "refit.responses.")).containsExactly(GREEDY);
        assertThat(inputsOf(plan, TaskSpec.BuildPairs.class, "responses.")).containsExactly(spec.responses());
        assertThat(inputsOf(plan, TaskSpec.Evaluate.class, "best.responses.")).containsExactly(spec.responses());
        assertThat(plan.tasks())
                .filteredOn(task -> task.spec() instanceof TaskSpec.Evaluate)
                .isNotEmpty()
                .allSatisfy(task ->
                        assertThat(((TaskSpec.Evaluate) task.spec()).sampling()).isEqualTo(spec.responses()));
        // 4 probes of the base model, 2 retrained ones of it and 2 of the trained one
        assertThat(generated(plan).filter(task -> task.sampling().equals(GREEDY)))
                .hasSize(8);
    }

    @Test
    void namingWhatHoldsAnywayChangesNoKey() {
        assertThat(keys(plan(spec(null).responses()))).isEqualTo(keys(plan(null)));
        assertThat(report(plan(null)).probeResponses()).isNull();
        assertThat(report(plan(GREEDY)).probeResponses()).isEqualTo(GREEDY);
    }

    @Test
    void whatGreedyDecodingDoesNotReadIsInNoKey() {
        ResponseSpec other = new ResponseSpec(48, 0.0, 50, 0.9);
        assertThat(keys(plan(other))).isEqualTo(keys(plan(GREEDY)));
        assertThat(keys(plan(new ResponseSpec(48, 0.5, 50, 0.9)))).isNotEqualTo(keys(plan(GREEDY)));

        TaskSpec.Generate first = generated(plan(GREEDY)).findFirst().orElseThrow();
        assertThat(generate(first, GREEDY, 5)).isEqualTo(generate(first, other, 6));
        ResponseSpec sampled = spec(null).responses();
        assertThat(generate(first, sampled, 5)).isNotEqualTo(generate(first, sampled, 6));
    }

    private static TaskSpec.Generate generate(TaskSpec.Generate task, ResponseSpec sampling, long seed) {
        return new TaskSpec.Generate(
                task.model(), task.prompts(), task.samplesPerPrompt(), sampling, seed, task.capture());
    }

    @Test
    void fitsRecordHowTheirResponsesWereSampled() {
        assertThat(plan(GREEDY).tasks())
                .filteredOn(task -> task.spec() instanceof TaskSpec.FitProbes)
                .isNotEmpty()
                .allSatisfy(task -> assertThat(((TaskSpec.FitProbes) task.spec()).sampling())
                        .isEqualTo(GREEDY));
    }

    @Test
    void workCountsEachResponseAsLongAsItsOwnSamplingAllows() {
        Plan plan = plan(GREEDY);
        Map<TaskKey, Workload> work = PlannedWorkloads.of(plan, LONGEST_PROMPT, CONTEXT);
        for (PlannedTask task : plan.tasks()) {
            if (task.spec() instanceof TaskSpec.Generate generate) {
                int prompts = generate.prompts().count();
                long responses = (long) prompts * generate.samplesPerPrompt();
                int newTokens = generate.sampling().temperature() == 0 ? 48 : 24;
                assertThat(tokens(work, task)).isEqualTo(prompts * LONGEST_PROMPT + responses * newTokens);
            }
            if (task.spec() instanceof TaskSpec.Train) {
                assertThat(tokens(work, task)).isEqualTo(250 * (LONGEST_PROMPT + 2 * 24));
            }
            if (task.spec() instanceof TaskSpec.Score score) {
                PlannedTask read = plan.task(task.inputs().get("responses").task());
                TaskSpec.Generate generate = (TaskSpec.Generate) read.spec();
                long responses = (long) generate.prompts().count() * generate.samplesPerPrompt();
                assertThat(tokens(work, task))
                        .as("%s", score)
                        .isEqualTo(responses * generate.sampling().maxNewTokens());
            }
        }
    }

    private static long tokens(Map<TaskKey, Workload> work, PlannedTask task) {
        return Objects.requireNonNull(work.get(task.key())).tokens();
    }
}
