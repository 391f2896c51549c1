package io.goodhart.trainer.execute;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.BuildPairs;
import io.goodhart.probing.Ensemble;
import io.goodhart.probing.Probe;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;

/** Makes preference pairs of the shards of candidates. */
final class BuildPairsExecutor implements TaskExecutor<BuildPairs> {
    @Override
    public void execute(BuildPairs spec, TaskContext context) {
        List<Path> shards = context.inputs("responses");
        Stages stages = context.stages().plan("pairing", "shards", shards.size(), 1);
        stages.start("pairing");
        PairBuilder builder = new PairBuilder(spec, fires(spec, context));
        for (int i = 0; i < shards.size(); i++) {
            context.stop().check();
            PairBuilder.byPrompt(candidates(spec, context, i)).forEach(builder::add);
            stages.done(i + 1);
        }
        if (builder.pairs().isEmpty()) {
            throw TaskFailedException.invalidInput(
                    "No pair is left: %s; take more prompts or responses, a smaller margin, or other ties"
                            .formatted(builder));
        }
        warnOfOneClass(builder.detector(), context);
        JsonLines.write(context.output("pairs"), builder.pairs());
        JsonLines.writeOne(context.output("summary"), builder.summary());
    }

    /** Label from which on the signal fires: the behaviour's threshold, or the probes' calibrated ones, combined as they are. */
    private static double fires(BuildPairs spec, TaskContext context) {
        return switch (spec.labelBy()) {
            case SCORER -> spec.threshold();
            case RANDOM -> 0.5;
            case PROBES -> {
                DoubleSummaryStatistics thresholds = labelling(spec, ProbeSet.read(context.input("probes"))).stream()
                        .mapToDouble(Probe::threshold)
                        .summaryStatistics();
                yield switch (spec.combine()) {
                    case MEAN -> thresholds.getAverage();
                    case MIN -> thresholds.getMin();
                    case MAX -> thresholds.getMax();
                };
            }
        };
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
        double[] labels = switch (spec.labelBy()) {
            case SCORER -> scores;
            case PROBES -> probabilities(spec, context, i);
            case RANDOM -> random(spec, responses);
        };
        if (scores.length != responses.size()
                || logProbs.length != responses.size()
                || labels.length != responses.size()) {
            throw TaskFailedException.invalidInput(
                    "Shard %d has %d responses, %d scores, %d labels and %d log-probabilities"
                            .formatted(i, responses.size(), scores.length, labels.length, logProbs.length));
        }
        List<Candidate> candidates = new ArrayList<>();
        for (int n = 0; n < responses.size(); n++) {
            ResponseRow row = responses.get(n);
            if (!row.lacksTokens() && !Double.isFinite(labels[n])) {
                throw TaskFailedException.invalidInput(
                        "The label of response %d of shard %d is %s; were its activations finite?"
                                .formatted(n, i, labels[n]));
            }
            candidates.add(new Candidate(row, labels[n], scores[n], logProbs[n]));
        }
        return candidates;
    }

    private static double[] probabilities(BuildPairs spec, TaskContext context, int i) {
        ProbeSet set = ProbeSet.read(context.input("probes"));
        Ensemble ensemble = new Ensemble(
                labelling(spec, set),
                switch (spec.combine()) {
                    case MEAN -> Ensemble.Combine.MEAN;
                    case MIN -> Ensemble.Combine.MIN;
                    case MAX -> Ensemble.Combine.MAX;
                });
        TokenActivations texts =
                Activations.read(context.input("activations." + i)).layer(set.layer());
        int[] kept = texts.withRows();
        double[] probabilities = ensemble.probabilities(texts.texts(kept));
        double[] all = new double[texts.n()];
        Arrays.fill(all, Double.NaN);
        for (int n = 0; n < kept.length; n++) {
            all[kept[n]] = probabilities[n];
        }
        return all;
    }

    private static List<Probe> labelling(BuildPairs spec, ProbeSet set) {
        List<Probe> trained = set.of(ProbeRole.TRAIN);
        if (trained.size() < spec.probes()) {
            throw TaskFailedException.invalidInput(
                    "%d probes shall label, only %d are for training".formatted(spec.probes(), trained.size()));
        }
        return trained.subList(0, spec.probes());
    }

    private static double[] random(BuildPairs spec, List<ResponseRow> responses) {
        return responses.stream()
                .mapToDouble(
                        row -> new SplitMix(SeedOf.response(spec.seed(), row.promptIndex(), row.sample())).uniform())
                .toArray();
    }
}
