package io.goodhart.domain.cost;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Seconds per unit of work, as measured on finished tasks: Σ seconds / Σ units over tasks of one kind that computed with one model.
 * A kind that computes with no model is known by itself, and so are training that samples what it learns from and each kind of scorer.
 * Responses count by the tokens that they may have: one of 64 is taken to last as long as two of 32.
 */
public final class Speeds {
    /** Tasks of one kind and model. */
    private record Group(String kind, @Nullable String model) {}

    /** Their sums. */
    private record Sums(double seconds, double units, int tasks) {
        Sums plus(Sums other) {
            return new Sums(seconds + other.seconds, units + other.units, tasks + other.tasks);
        }
    }

    private final Map<Group, Sums> sums = new HashMap<>();

    private Speeds() {}

    /** Those of tasks that were computed by workers like the present ones. */
    public static Speeds of(List<FinishedTask> tasks) {
        Speeds speeds = new Speeds();
        for (FinishedTask task : tasks) {
            double units = units(task);
            if (units > 0 && task.seconds() > 0) {
                speeds.sums.merge(group(task.spec()), new Sums(task.seconds(), units, 1), Sums::plus);
            }
        }
        return speeds;
    }

    /** Seconds that a task takes; empty if none of its kind was computed with its model. */
    public OptionalDouble seconds(TaskSpec spec, Workload work) {
        return Optional.ofNullable(sums.get(group(spec)))
                .map(known -> OptionalDouble.of(work.units() * known.seconds() / known.units()))
                .orElse(OptionalDouble.empty());
    }

    /** Tasks that were measured. */
    public int tasks() {
        return sums.values().stream().mapToInt(Sums::tasks).sum();
    }

    private static double units(FinishedTask task) {
        return switch (task.spec()) {
            case TaskSpec.Generate generate -> Workload.units(generate);
            case TaskSpec.Evaluate evaluate -> Workload.units(evaluate);
            case TaskSpec.Train train ->
                Workload.units(
                        train,
                        (double) task.steps()
                                * train.settings().perDeviceTrainBatchSize()
                                * train.settings().gradientAccumulationSteps(),
                        task.responseTokens());
            case TaskSpec.Score ignored -> (double) task.steps() * task.responseTokens();
            case TaskSpec.LogProbs ignored -> (double) task.steps() * task.responseTokens();
            case TaskSpec.FitProbes fit -> fit.roles().size();
            case TaskSpec.BuildPairs ignored -> 1;
            case TaskSpec.ReadTexts read -> read.part().count();
            case TaskSpec.ReadPairs read -> read.pairs().count();
            case TaskSpec.Report ignored -> 1;
        };
    }

    private static Group group(TaskSpec spec) {
        return new Group(kind(spec), model(spec).map(ModelRevision::sha256).orElse(null));
    }

    /** What tasks of equal speed are called. */
    static String kind(TaskSpec spec) {
        return switch (spec) {
            case TaskSpec.Train train when train.objective() instanceof Objective.Grpo -> "train/grpo";
            case TaskSpec.Score(Scorer.Lexicon ignored) -> "score/lexicon";
            case TaskSpec.Score(Scorer.Judge ignored) -> "score/judge";
            default -> spec.kind();
        };
    }

    private static Optional<ModelRevision> model(TaskSpec spec) {
        return Optional.ofNullable(
                switch (spec) {
                    case TaskSpec.Generate generate -> generate.model();
                    case TaskSpec.Evaluate evaluate -> evaluate.model();
                    case TaskSpec.Train train -> train.model();
                    case TaskSpec.LogProbs logProbs -> logProbs.model();
                    case TaskSpec.Score score -> score.scorer() instanceof Scorer.Classifier one ? one.model() : null;
                    case TaskSpec.FitProbes ignored -> null;
                    case TaskSpec.BuildPairs ignored -> null;
                    case TaskSpec.ReadTexts read -> read.model();
                    case TaskSpec.ReadPairs read -> read.model();
                    case TaskSpec.Report ignored -> null;
                });
    }
}
