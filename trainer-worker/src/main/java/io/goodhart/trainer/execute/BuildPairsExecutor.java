package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.TaskSpec.BuildPairs;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes preference pairs of the shards of candidates. */
final class BuildPairsExecutor implements TaskExecutor<BuildPairs> {
    @Override
    public void execute(BuildPairs spec, TaskContext context) {
        List<Path> shards = context.inputs("responses");
        Stages stages = context.stages().plan("pairing", "shards", shards.size(), 1);
        stages.start("pairing");
        PairBuilder builder = new PairBuilder(spec, Signal.of(spec).fires(spec.threshold(), context));
        for (int i = 0; i < shards.size(); i++) {
            context.stop().check();
            PairBuilder.byPrompt(candidates(spec, context, i)).forEach(builder::add);
            stages.done(i + 1);
        }
        if (builder.pairs().isEmpty()) {
            throw new TaskFailedException(
                    FailureCode.NO_PAIRS,
                    "No pair is left: %s; take more prompts or responses, a smaller margin, or other ties"
                            .formatted(builder));
        }
        warnOfOneClass(builder.detector(), context);
        JsonLines.write(context.output("pairs"), builder.pairs());
        JsonLines.writeOne(context.output("summary"), builder.summary());
    }

    private static void warnOfOneClass(DetectorQuality detector, TaskContext context) {
        if (detector.positives() == 0 || detector.negatives() == 0) {
            String message = detector.positives() == 0
                    ? "No candidate shows the behaviour, so there is little to unlearn: take other prompts or a lower threshold"
                    : "Every candidate shows the behaviour, so none is a good example: take other prompts or a higher threshold";
            context.event(
                    "warn",
                    "one_class",
                    message,
                    Map.of("positives", detector.positives(), "negatives", detector.negatives()));
        }
    }

    private static List<Candidate> candidates(BuildPairs spec, TaskContext context, int i) {
        List<ResponseRow> responses = JsonLines.read(ResponseRow.class, context.input("responses." + i));
        double[] scores = Column.read(context.input("scores." + i), Column.SCORE);
        double[] logProbs = Column.read(context.input("log_probs." + i), Column.LOG_PROB);
        double[] labels = Signal.of(spec).labels(responses, scores, context, "activations." + i);
        if (logProbs.length != responses.size()) {
            throw TaskFailedException.invalidInput("Shard %d has %d responses and %d log-probabilities"
                    .formatted(i, responses.size(), logProbs.length));
        }
        List<Candidate> candidates = new ArrayList<>();
        for (int n = 0; n < responses.size(); n++) {
            candidates.add(new Candidate(responses.get(n), labels[n], scores[n], logProbs[n]));
        }
        return candidates;
    }
}
