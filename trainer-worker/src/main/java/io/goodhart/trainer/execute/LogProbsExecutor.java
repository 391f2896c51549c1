package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.TaskSpec.LogProbs;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import java.util.List;

/** log π(y|x) of each response under the base model: the sum over its tokens, {@code <eos>} included. */
final class LogProbsExecutor implements TaskExecutor<LogProbs> {
    private final ModelCache models;

    LogProbsExecutor(ModelCache models) {
        this.models = models;
    }

    @Override
    public void execute(LogProbs spec, TaskContext context) {
        List<ResponseRow> responses = JsonLines.read(ResponseRow.class, context.input("responses"));
        LoadedModel model = models.decoder(context.filesRoot(), spec.model());
        Stages stages = context.stages().plan("log-probabilities", "responses", responses.size(), 1);
        stages.start("log-probabilities");
        double[] logProbs = new TextReader(model.decoder(), stages, context.stop())
                .completions(responses.stream().map(Passage::ofWholeResponse).toList()).stream()
                        .mapToDouble(likelihood -> -likelihood.nll())
                        .toArray();
        Column.write(context.output("log_probs"), Column.LOG_PROB, logProbs);
    }
}
