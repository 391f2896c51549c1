package io.goodhart.trainer.execute;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.TaskSpec.Train;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.TrainingSummary;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.StoppedException;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.logprob.PairScore;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.loop.Checkpointing;
import io.goodhart.tuning.loop.TrainingLoop;
import io.goodhart.tuning.loop.TrainingResult;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Trains, from the start or from a checkpoint, and keeps the weights at every evaluation point. */
final class TrainExecutor implements TaskExecutor<Train> {
    private final ModelCache models;
    private final DataFiles data;
    private final Scoring scoring;

    TrainExecutor(ModelCache models, DataFiles data, Scoring scoring) {
        this.models = models;
        this.data = data;
        this.scoring = scoring;
    }

    @Override
    public void execute(Train spec, TaskContext context) {
        try (TrainingStart start = TrainingStart.of(models, spec, context)) {
            TrainingData read = new TrainingData(data, scoring, start, spec, context);
            TrainingTask task = withReference(read.task(), start, context);
            TrainingSettings settings = spec.settings();
            BatchPlan plan = BatchPlan.ofEpochs(
                    task.rows(),
                    spec.rowsAtOnce(),
                    settings.gradientAccumulationSteps(),
                    settings.numTrainEpochs(),
                    new DataOrder.Shuffled(Seeds.derive(spec.seed(), "data order")));
            EvaluationPoints points = new EvaluationPoints(spec.points(), plan.totalSteps());
            TrainingJournal journal = new TrainingJournal(context, start, points, read.truncated());
            TrainingSetup setup = new TrainingSetup(
                    start.tuning(),
                    task,
                    plan,
                    optimization(settings, plan.totalSteps()),
                    checkpointing(settings, context),
                    points.steps(),
                    context.stop()::isRaised);
            finish(new TrainingLoop().run(setup, journal), journal, task, start, context, points);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Log-probabilities under the reference are known from before, or asked once now; with a KL term every step asks it anyway. */
    private static TrainingTask withReference(TrainingTask task, TrainingStart start, TaskContext context) {
        if (task instanceof TrainingTask.Preferences preferences
                && preferences.reference().isEmpty()
                && preferences.loss().kl().isEmpty()) {
            Stages stages = context.stages()
                    .plan("reading the reference", "pairs", preferences.pairs().size(), 1);
            stages.start("reading the reference");
            List<PairScore> scores = ReferenceScores.of(start.tuning(), preferences.pairs(), 8, scored -> {
                context.stop().check();
                stages.done(scored);
            });
            return new TrainingTask.Preferences(preferences.pairs(), preferences.loss(), Optional.of(scores));
        }
        return task;
    }

    private static Optimization optimization(TrainingSettings settings, int steps) {
        Schedule schedule = switch (settings.lrSchedulerType()) {
            case LINEAR -> new Schedule.Linear(settings.warmupSteps(), steps, settings.minLrRatio());
            case COSINE -> new Schedule.Cosine(settings.warmupSteps(), steps, settings.minLrRatio());
            case CONSTANT -> new Schedule.Constant(settings.warmupSteps());
        };
        OptimizerRule.AdamW standard = OptimizerRule.AdamW.standard();
        OptimizerRule rule =
                new OptimizerRule.AdamW(standard.beta1(), standard.beta2(), standard.epsilon(), settings.weightDecay());
        return new Optimization(rule, settings.learningRate(), schedule, settings.maxGradNorm());
    }

    private static Checkpointing checkpointing(TrainingSettings settings, TaskContext context) throws IOException {
        Path directory = Files.createDirectories(context.work().resolve("checkpoints"));
        Checkpointing fresh = Checkpointing.into(directory, settings.saveSteps());
        Optional<Path> bundle = context.checkpoint();
        if (bundle.isEmpty()) {
            return fresh;
        }
        Path earlier = Files.createDirectories(context.work().resolve("resumed"));
        Path state = CheckpointBundle.unpack(bundle.get(), earlier);
        EvaluationPoints.recover(earlier, context);
        return fresh.from(state);
    }

    private static void finish(
            TrainingResult result,
            TrainingJournal journal,
            TrainingTask task,
            TrainingStart start,
            TaskContext context,
            EvaluationPoints points) {
        switch (result) {
            case TrainingResult.Completed(int steps, long tokens) ->
                JsonLines.writeOne(
                        context.output("summary"),
                        new TrainingSummary(
                                task.rows(),
                                steps,
                                tokens,
                                start.parameters(),
                                points.stepOfEach(),
                                journal.lastMetrics()));
            case TrainingResult.Cancelled _ -> throw new StoppedException();
            case TrainingResult.Diverged(int steps, double loss, double norm, double weights) ->
                throw new TaskFailedException(
                        FailureCode.DIVERGED,
                        "Step %d has loss %s, gradient norm %s and weight norm %s; try a smaller learning rate"
                                .formatted(steps + 1, loss, norm, weights));
        }
    }
}
