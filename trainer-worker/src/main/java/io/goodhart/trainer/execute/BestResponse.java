package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.TaskSpec.Selection;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.TaskContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The response that stands for a prompt: of its first n samples that have a token the first with the lowest label; the first sample if
 * none has a token.
 *
 * @param score the behaviour's scorer
 */
record BestResponse(ResponseRow row, double label, double score) {
    /** Every sample of each prompt, in the prompts' order, from the inputs {@code best.responses.i}. */
    static List<List<BestResponse>> samples(Selection selection, TaskContext context) {
        Map<Integer, List<BestResponse>> samples = new LinkedHashMap<>();
        for (int i = 0; i < context.inputs("best.responses").size(); i++) {
            List<ResponseRow> responses = JsonLines.read(ResponseRow.class, context.input("best.responses." + i));
            double[] scores = Column.read(context.input("best.scores." + i), Column.SCORE);
            double[] labels = Signal.of(selection).labels(responses, scores, context, "best.activations." + i);
            for (int n = 0; n < labels.length; n++) {
                BestResponse next = new BestResponse(responses.get(n), labels[n], scores[n]);
                samples.computeIfAbsent(next.row().promptIndex(), prompt -> new ArrayList<>())
                        .add(next);
            }
        }
        return List.copyOf(samples.values());
    }

    /** Of each prompt's first {@code n} samples the one that stands for it. */
    static List<BestResponse> ofFirst(int n, List<List<BestResponse>> samples) {
        return samples.stream()
                .map(all -> all.stream().limit(n).reduce(BestResponse::better).orElseThrow())
                .toList();
    }

    private static BestResponse better(BestResponse first, BestResponse next) {
        if (next.row().lacksTokens()) {
            return first;
        }
        return first.row().lacksTokens() || next.label() < first.label() ? next : first;
    }
}
