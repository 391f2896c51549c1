package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.Scorer;
import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.List;

/** Applies a behaviour's scorer to texts. */
final class Scoring {
    /** Texts between two reports of progress. */
    private static final int CHUNK = 128;

    private final ModelCache models;

    Scoring(ModelCache models) {
        this.models = models;
    }

    /** Scores in [0, 1], one for each text. */
    double[] score(Scorer scorer, List<String> texts, TaskContext context, Stages stages) {
        return switch (scorer) {
            case Scorer.Classifier spec -> {
                SequenceClassifier classifier = models.classifier(context.filesRoot(), spec.model());
                double[] scores = new double[texts.size()];
                for (int from = 0; from < scores.length; from += CHUNK) {
                    context.stop().check();
                    int to = Math.min(scores.length, from + CHUNK);
                    double[] ofChunk = classifier.probability(texts.subList(from, to), spec.label());
                    for (int n = from; n < to; n++) {
                        scores[n] = requireFinite(ofChunk[n - from]);
                    }
                    stages.done(to);
                }
                yield scores;
            }
        };
    }

    private static double requireFinite(double score) {
        if (!Double.isFinite(score)) {
            throw TaskFailedException.badFile("The scorer gives " + score + "; its weights are not usable");
        }
        return score;
    }
}
