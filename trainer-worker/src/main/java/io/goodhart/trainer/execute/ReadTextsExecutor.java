package io.goodhart.trainer.execute;

import io.goodhart.datasets.Text;
import io.goodhart.domain.plan.TaskSpec.ReadTexts;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads labelled texts as if they were responses to an empty prompt, and captures what the model makes of them. */
final class ReadTextsExecutor implements TaskExecutor<ReadTexts> {
    private static final String STAGE = "reading labelled texts";

    private final ModelCache models;
    private final DataFiles data;

    ReadTextsExecutor(ModelCache models, DataFiles data) {
        this.models = models;
        this.data = data;
    }

    @Override
    public void execute(ReadTexts spec, TaskContext context) {
        List<Text> texts = data.texts(context, spec.part());
        CapturedPoints captured = CapturedPoints.of(spec.capture(), context);
        Stages stages = context.stages().plan(STAGE, "texts", texts.size(), 1);
        LoadedModel base = models.decoder(context.filesRoot(), spec.model());
        try (Policy policy = Policy.of(base, context)) {
            stages.start(STAGE);
            List<ResponseRow> rows = rows(base, texts, spec.part().from());
            JsonLines.write(context.output("responses"), rows);
            Column.write(context.output("scores"), Column.SCORE, labels(texts));
            captured.write(
                    spec.model(),
                    new TextReader(policy.decoder(), stages, context.stop())
                            .activations(
                                    rows.stream().map(Passage::ofResponse).toList(),
                                    captured.points(),
                                    spec.capture().pooling()),
                    context);
        }
    }

    private static List<ResponseRow> rows(LoadedModel base, List<Text> texts, int from) {
        List<ResponseRow> rows = new ArrayList<>();
        for (Text text : texts) {
            Passage passage = Passage.ofText(base, text.text());
            rows.add(new ResponseRow(
                    from + rows.size(),
                    0,
                    text.rowId(),
                    "",
                    Arrays.stream(passage.prompt()).boxed().toList(),
                    text.text(),
                    Arrays.stream(passage.completion()).boxed().toList(),
                    false));
        }
        return rows;
    }

    private static double[] labels(List<Text> texts) {
        return texts.stream()
                .mapToDouble(text -> text.positive().orElseThrow() ? 1 : 0)
                .toArray();
    }
}
