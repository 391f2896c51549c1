package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskRunner;
import io.goodhart.trainer.scorer.Judges;

/** Every executor, around models that stay loaded between tasks. */
public final class TaskExecutors implements TaskRunner, AutoCloseable {
    private final ModelCache models = new ModelCache();
    private final GenerateExecutor generate;
    private final ReadTextsExecutor readTexts;
    private final ScoreExecutor score;
    private final FitProbesExecutor fitProbes = new FitProbesExecutor();
    private final BuildPairsExecutor buildPairs = new BuildPairsExecutor();
    private final ReadPairsExecutor readPairs;
    private final LogProbsExecutor logProbs;
    private final TrainExecutor train;
    private final EvaluateExecutor evaluate;
    private final ReportExecutor report = new ReportExecutor();

    public TaskExecutors(Judges judges) {
        DataFiles data = new DataFiles();
        Scoring scoring = new Scoring(models, data, judges);
        generate = new GenerateExecutor(models, data);
        readTexts = new ReadTextsExecutor(models, data);
        score = new ScoreExecutor(scoring);
        readPairs = new ReadPairsExecutor(models, data);
        logProbs = new LogProbsExecutor(models);
        train = new TrainExecutor(models, data, scoring);
        evaluate = new EvaluateExecutor(models, data, scoring);
    }

    @Override
    public void run(TaskSpec spec, TaskContext context) {
        switch (spec) {
            case TaskSpec.Generate task -> generate.execute(task, context);
            case TaskSpec.ReadTexts task -> readTexts.execute(task, context);
            case TaskSpec.Score task -> score.execute(task, context);
            case TaskSpec.FitProbes task -> fitProbes.execute(task, context);
            case TaskSpec.BuildPairs task -> buildPairs.execute(task, context);
            case TaskSpec.ReadPairs task -> readPairs.execute(task, context);
            case TaskSpec.LogProbs task -> logProbs.execute(task, context);
            case TaskSpec.Train task -> train.execute(task, context);
            case TaskSpec.Evaluate task -> evaluate.execute(task, context);
            case TaskSpec.Report task -> report.execute(task, context);
        }
    }

    @Override
    public void close() {
        models.close();
    }
}
