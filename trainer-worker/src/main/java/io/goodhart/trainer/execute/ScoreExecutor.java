package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.TaskSpec.Score;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import java.util.List;

/** Scores responses by their text alone. */
final class ScoreExecutor implements TaskExecutor<Score> {
    private final Scoring scoring;

    ScoreExecutor(Scoring scoring) {
        this.scoring = scoring;
    }

    @Override
    public void execute(Score spec, TaskContext context) {
        List<ResponseRow> responses = JsonLines.read(ResponseRow.class, context.input("responses"));
        Stages stages = context.stages().plan("scoring", "responses", responses.size(), 1);
        stages.start("scoring");
        double[] scores = scoring.score(
                spec.scorer(), responses.stream().map(ResponseRow::response).toList(), context, stages);
        Column.write(context.output("scores"), Column.SCORE, scores);
    }
}
