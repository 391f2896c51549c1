package io.goodhart.trainer.execute;

import io.goodhart.datasets.Lexicon;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.trainer.scorer.Judges;
import java.util.List;

/** Applies a behaviour's scorer to texts. */
final class Scoring {
    /** Texts between two reports of progress. */
    private static final int CHUNK = 128;

    private final ModelCache models;
    private final DataFiles data;
    private final Judges judges;

    Scoring(ModelCache models, DataFiles data, Judges judges) {
        this.models = models;
        this.data = data;
        this.judges = judges;
    }

    /** Scores in [0, 1], one for each text. */
    double[] score(Scorer scorer, List<String> texts, TaskContext context, Stages stages) {
        return switch (scorer) {
            case Scorer.Classifier spec -> classify(spec, texts, context, stages);
            case Scorer.Lexicon spec -> {
                Lexicon lexicon = lexicon(spec, context);
                double[] scores = texts.stream().mapToDouble(lexicon::score).toArray();
                stages.done(scores.length);
                yield scores;
            }
            case Scorer.Judge spec -> judges.score(spec, texts, stages, context.stop());
        };
    }

    private double[] classify(Scorer.Classifier spec, List<String> texts, TaskContext context, Stages stages) {
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
        return scores;
    }

    private Lexicon lexicon(Scorer.Lexicon spec, TaskContext context) {
        DatasetRevision file = spec.file();
        return file == null
                ? Lexicon.of(spec.terms(), spec.hits())
                : Lexicon.read(data.file(context, file), spec.hits());
    }

    private static double requireFinite(double score) {
        if (!Double.isFinite(score)) {
            throw TaskFailedException.badFile("The scorer gives " + score + "; its weights are not usable");
        }
        return score;
    }
}
