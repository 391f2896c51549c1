package io.goodhart.domain.cost;

import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.TrainingSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The workload of every task of a plan. Bounds where data decide: no pair is dropped, every response is as long as it may be, and
 * every text as long as the longest that is drawn.
 */
public final class PlannedWorkloads {
    private final Map<TaskKey, PlannedTask> tasks = new LinkedHashMap<>();
    private final int longestPrompt;
    private final int longestRead;

    private PlannedWorkloads(Plan plan, int longestPrompt, int longestRead) {
        plan.tasks().forEach(task -> tasks.put(task.key(), task));
        this.longestPrompt = longestPrompt;
        this.longestRead = longestRead;
    }

    /**
     * By task, inputs first.
     *
     * @param longestPrompt tokens of the longest prompt
     * @param longestRead tokens of the longest text that is read, and of a prompt with its response
     */
    public static Map<TaskKey, Workload> of(Plan plan, int longestPrompt, int longestRead) {
        PlannedWorkloads workloads = new PlannedWorkloads(plan, longestPrompt, longestRead);
        Map<TaskKey, Workload> found = new LinkedHashMap<>();
        plan.tasks().forEach(task -> found.put(task.key(), workloads.of(task)));
        return Collections.unmodifiableMap(found);
    }

    private Workload of(PlannedTask task) {
        return switch (task.spec()) {
            case TaskSpec.Generate generate -> {
                long prompts = generate.prompts().count() * (long) longestPrompt;
                yield new Workload(Workload.units(generate), prompts + generated(generate), 0);
            }
            case TaskSpec.ReadTexts read ->
                new Workload(
                        read.part().count(), (long) longestRead * read.part().count(), 0);
            case TaskSpec.Score ignored -> ofResponses(task, 0);
            case TaskSpec.LogProbs ignored -> ofResponses(task, longestPrompt);
            case TaskSpec.Train train -> training(task, train);
            case TaskSpec.Evaluate evaluate -> evaluation(task, evaluate);
            case TaskSpec.FitProbes fit -> new Workload(fit.roles().size(), 0, 0);
            case TaskSpec.BuildPairs ignored -> new Workload(1, 0, 0);
            case TaskSpec.ReadPairs read ->
                new Workload(
                        read.pairs().count(), 2L * longestRead * read.pairs().count(), 0);
            case TaskSpec.Report ignored -> new Workload(1, 0, 0);
        };
    }

    private static long generated(TaskSpec.Generate generate) {
        return Workload.responses(generate) * generate.sampling().maxNewTokens();
    }

    private Workload ofResponses(PlannedTask task, int prompt) {
        double units = sampled(task).mapToDouble(Workload::units).sum();
        return new Workload(units, tokens(task, prompt), 0);
    }

    /** Tokens of the responses that the task's inputs bring, each behind so many of its prompt. */
    private long tokens(PlannedTask task, int prompt) {
        return sampled(task)
                .mapToLong(generate -> generated(generate) + Workload.responses(generate) * prompt)
                .sum();
    }

    /** What samples the responses that the task's inputs bring. */
    private Stream<TaskSpec.Generate> sampled(PlannedTask task) {
        return inputs(task)
                .map(PlannedTask::spec)
                .filter(TaskSpec.Generate.class::isInstance)
                .map(TaskSpec.Generate.class::cast);
    }

    private Stream<PlannedTask> inputs(PlannedTask task) {
        return task.inputs().values().stream().map(OutputRef::task).distinct().map(this::task);
    }

    private PlannedTask task(TaskKey key) {
        PlannedTask task = tasks.get(key);
        if (task == null) {
            throw new IllegalArgumentException("The plan has no task " + key);
        }
        return task;
    }

    private Workload training(PlannedTask task, TaskSpec.Train train) {
        TrainingSettings settings = train.settings();
        int longest = settings.maxLength() == 0 ? longestRead : Math.min(longestRead, settings.maxLength());
        long examples;
        long tokens;
        switch (train.objective()) {
            case Objective.Dpo ignored -> {
                long read = pairsRead(task);
                examples = read + prompts(task);
                tokens = read > 0 ? 2L * longest : Math.min(2L * longest, longestPrompt + 2L * longestCandidate(task));
            }
            case Objective.Sft sft -> {
                examples = sft.texts().count();
                tokens = longest;
            }
            case Objective.ProbeSft sft -> {
                examples = sft.texts().count();
                tokens = longest;
            }
            case Objective.Grpo grpo -> {
                examples = (long) grpo.prompts().count() * grpo.numGenerations(); // responses, as the batch size counts
                tokens = 2L * (longestPrompt + grpo.sampling().maxNewTokens()); // sampled, then learnt
            }
        }
        int batch = settings.perDeviceTrainBatchSize() * settings.gradientAccumulationSteps();
        long seen = examples * settings.numTrainEpochs();
        return new Workload(
                Workload.units(train, (double) seen, longestCandidate(task)),
                seen * tokens,
                Math.ceilDiv(examples, (long) batch) * settings.numTrainEpochs());
    }

    private long pairsRead(PlannedTask training) {
        return inputs(training)
                .filter(input -> input.spec() instanceof TaskSpec.ReadPairs)
                .mapToLong(input -> ((TaskSpec.ReadPairs) input.spec()).pairs().count())
                .sum();
    }

    /** Prompts whose responses the pairs of a training are built from. */
    private long prompts(PlannedTask training) {
        return candidates(training)
                .mapToLong(generate -> generate.prompts().count())
                .sum();
    }

    private int longestCandidate(PlannedTask training) {
        return candidates(training)
                .mapToInt(generate -> generate.sampling().maxNewTokens())
                .max()
                .orElse(0);
    }

    private Stream<TaskSpec.Generate> candidates(PlannedTask training) {
        return inputs(training)
                .filter(input -> input.spec() instanceof TaskSpec.BuildPairs)
                .flatMap(this::sampled);
    }

    /** Own responses are sampled, and own and fixed ones read; those that others sampled for it are read once. */
    private Workload evaluation(PlannedTask task, TaskSpec.Evaluate evaluate) {
        long own = evaluate.prompts().count();
        long texts =
                evaluate.corpora().values().stream().mapToLong(TextSlice::count).sum();
        TextSlice labelled = evaluate.labelledTexts();
        long read = texts + (labelled == null ? 0 : labelled.count());
        long rows = 4 * own * (longestPrompt + (long) evaluate.sampling().maxNewTokens());
        return new Workload(Workload.units(evaluate), rows + tokens(task, longestPrompt) + read * longestRead, 0);
    }
}
