package io.goodhart.trainer.execute;

import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.probing.Activations;
import io.goodhart.probing.Probe;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.TokenActivations;
import io.goodhart.probing.evaluate.AveragePrecision;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.RocAuc;
import io.goodhart.probing.evaluate.TprAtFpr;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One probe on one set of texts, read one way. Texts without a token take no part; their probability is NaN. */
final class Reading {
    private static final double FALSE_POSITIVE_RATE = 0.01;

    private final ProbeReading summary;
    private final double[] probabilities;

    private Reading(ProbeReading summary, double[] probabilities) {
        this.summary = summary;
        this.probabilities = probabilities;
    }

    /** Counts and metrics. */
    ProbeReading summary() {
        return summary;
    }

    /** One for each text, NaN for a text without tokens; not a copy. */
    double[] probabilities() {
        return probabilities;
    }

    /**
     * The texts of a set as one model reads them.
     *
     * @param read what was read of each text
     * @param labels whether each text shows the behaviour
     * @param standard texts whose mean and deviation re-standardise a probe
     */
    record Texts(Evaluation.TextSet set, TokenActivations read, List<Boolean> labels, TokenActivations standard) {
        Texts {
            labels = List.copyOf(labels);
        }
    }

    /**
     * Lets a probe read.
     *
     * @param index number of the probe among those of its role
     */
    static Reading of(Probe probe, int index, Texts texts, Evaluation.Transfer transfer) {
        int[] kept = texts.read().withRows();
        double[] all = new double[texts.read().n()];
        Arrays.fill(all, Double.NaN);
        if (kept.length == 0) {
            return new Reading(summary(probe, index, texts.set(), transfer, new boolean[0], new double[0]), all);
        }
        int width = texts.read().d();
        if (width != probe.fit().d()) {
            throw TaskFailedException.invalidInput("The probe reads %d features, the activations have %d"
                    .formatted(probe.fit().d(), width));
        }
        requireFinite(texts.read().rows());
        Probe reader = switch (transfer) {
            case FROZEN -> probe;
            case RE_STANDARDISED -> probe.reStandardised(standardiser(texts.standard()));
        };
        double[] probabilities = reader.probabilities(texts.read().texts(kept));
        boolean[] labels = new boolean[kept.length];
        for (int i = 0; i < kept.length; i++) {
            labels[i] = texts.labels().get(kept[i]);
            all[kept[i]] = probabilities[i];
        }
        return new Reading(summary(probe, index, texts.set(), transfer, labels, probabilities), all);
    }

    private static Standardiser standardiser(TokenActivations standard) {
        requireFinite(standard.rows());
        return Standardiser.of(standard.rows());
    }

    private static ProbeReading summary(
            Probe probe,
            int index,
            Evaluation.TextSet set,
            Evaluation.Transfer transfer,
            boolean[] labels,
            double[] probabilities) {
        int positives =
                (int) IntStream.range(0, labels.length).filter(i -> labels[i]).count();
        return new ProbeReading(
                probe.role(),
                index,
                set,
                transfer,
                labels.length,
                positives,
                boxed(RocAuc.of(labels, probabilities)),
                boxed(AveragePrecision.of(labels, probabilities)),
                boxed(TprAtFpr.of(labels, probabilities, FALSE_POSITIVE_RATE)),
                Arrays.stream(probabilities).average().orElse(0),
                ProbabilityScores.accuracy(labels, probabilities, probe.threshold())
                        .orElse(0));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }

    private static void requireFinite(Activations rows) {
        for (float value : rows.valuesND()) {
            if (!Float.isFinite(value)) {
                throw new TaskFailedException(
                        FailureCode.DIVERGED, "An activation is " + value + "; the model's weights are not usable");
            }
        }
    }
}
