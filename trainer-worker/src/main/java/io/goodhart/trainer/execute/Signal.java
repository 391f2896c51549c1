package io.goodhart.trainer.execute;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.BuildPairs;
import io.goodhart.domain.plan.TaskSpec.Selection;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.probing.Ensemble;
import io.goodhart.probing.Probe;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * What orders the responses to a prompt: the lowest label is preferred.
 *
 * @param probes number of training probes that label
 * @param seed of random labels
 */
record Signal(ArmSpec.LabelBy labelBy, int probes, ArmSpec.Combine combine, long seed) {
    static Signal of(BuildPairs spec) {
        return new Signal(spec.labelBy(), spec.probes(), spec.combine(), spec.seed());
    }

    static Signal of(Selection spec) {
        return new Signal(spec.labelBy(), spec.probes(), spec.combine(), spec.seed());
    }

    /**
     * Labels of one shard; finite but for responses without a token.
     *
     * @param activations name of the input with the responses' activations
     */
    double[] labels(List<ResponseRow> responses, double[] scores, TaskContext context, String activations) {
        double[] labels = switch (labelBy) {
            case SCORER -> scores;
            case PROBES -> probabilities(context, activations);
            case RANDOM -> random(responses);
            case DATASET -> throw labelsNothing();
        };
        if (scores.length != responses.size() || labels.length != responses.size()) {
            throw TaskFailedException.invalidInput("There are %d responses, %d scores and %d labels, with %s"
                    .formatted(responses.size(), scores.length, labels.length, activations));
        }
        for (int n = 0; n < labels.length; n++) {
            if (!responses.get(n).lacksTokens() && !Double.isFinite(labels[n])) {
                throw TaskFailedException.invalidInput(
                        "The label of response %d is %s; were %s finite?".formatted(n, labels[n], activations));
            }
        }
        return labels;
    }

    private double[] probabilities(TaskContext context, String activations) {
        ProbeSet set = ProbeSet.read(context.input("probes"));
        Ensemble ensemble = new Ensemble(labelling(set), combination(combine));
        TokenActivations texts = Activations.read(context.input(activations)).layer(set.layer());
        int[] kept = texts.withRows();
        double[] probabilities = ensemble.probabilities(texts.texts(kept));
        double[] all = new double[texts.n()];
        Arrays.fill(all, Double.NaN); // of a response without tokens
        for (int n = 0; n < kept.length; n++) {
            all[kept[n]] = probabilities[n];
        }
        return all;
    }

    /** How probabilities become one, in the engine's words. */
    static Ensemble.Combine combination(ArmSpec.Combine combine) {
        return switch (combine) {
            case MEAN -> Ensemble.Combine.MEAN;
            case MIN -> Ensemble.Combine.MIN;
            case MAX -> Ensemble.Combine.MAX;
        };
    }

    private List<Probe> labelling(ProbeSet set) {
        List<Probe> trained = set.of(ProbeRole.TRAIN);
        if (trained.size() < probes) {
            throw TaskFailedException.invalidInput(
                    "%d probes shall label, only %d are for training".formatted(probes, trained.size()));
        }
        return trained.subList(0, probes);
    }

    private double[] random(List<ResponseRow> responses) {
        return responses.stream()
                .mapToDouble(row -> new SplitMix(SeedOf.response(seed, row.promptIndex(), row.sample())).uniform())
                .toArray();
    }

    private static TaskFailedException labelsNothing() {
        return TaskFailedException.invalidInput("A data set labels pairs, not sampled responses");
    }

    /**
     * Label from which on the signal fires: the behaviour's threshold, or the probes' calibrated ones, combined as they are.
     *
     * @param threshold the behaviour's
     */
    double fires(double threshold, TaskContext context) {
        return switch (labelBy) {
            case SCORER -> threshold;
            case RANDOM -> 0.5;
            case DATASET -> throw labelsNothing();
            case PROBES -> {
                DoubleSummaryStatistics thresholds = labelling(ProbeSet.read(context.input("probes"))).stream()
                        .mapToDouble(Probe::threshold)
                        .summaryStatistics();
                yield switch (combine) {
                    case MEAN -> thresholds.getAverage();
                    case MIN -> thresholds.getMin();
                    case MAX -> thresholds.getMax();
                };
            }
        };
    }
}
