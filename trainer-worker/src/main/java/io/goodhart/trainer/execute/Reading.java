package io.goodhart.trainer.execute;

import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.probing.Activations;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LinearProbe;
import io.goodhart.probing.evaluate.AveragePrecision;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.RocAuc;
import io.goodhart.probing.evaluate.TprAtFpr;
import io.goodhart.probing.fit.Transfer;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.Arrays;
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

    /** The texts of a set as one model reads them. */
    static final class Texts {
        private final Evaluation.TextSet set;
        private final float[] valuesND;
        private final boolean[] positive;
        private final float[] standardND;

        /**
         * Borrows its arguments.
         *
         * @param valuesND pooled activations [N,D], NaN for a text without tokens
         * @param positive label of each text
         * @param standardND activations whose mean and deviation re-standardise a probe
         */
        Texts(Evaluation.TextSet set, float[] valuesND, boolean[] positive, float[] standardND) {
            this.set = set;
            this.valuesND = valuesND;
            this.positive = positive;
            this.standardND = standardND;
        }

        private int n() {
            return positive.length;
        }
    }

    /**
     * Lets a probe read.
     *
     * @param index number of the probe among those of its role
     */
    static Reading of(LinearProbe probe, int index, Texts texts, Evaluation.Transfer transfer) {
        int width = texts.n() == 0 ? probe.fit().d() : texts.valuesND.length / texts.n();
        if (width != probe.fit().d()) {
            throw TaskFailedException.invalidInput("The probe reads %d features, the activations have %d"
                    .formatted(probe.fit().d(), width));
        }
        int[] kept = withTokens(texts.valuesND, width);
        Activations rows = Activations.of(texts.valuesND, texts.n(), width).rows(kept);
        requireFinite(rows);
        double[] all = new double[texts.n()];
        Arrays.fill(all, Double.NaN);
        if (kept.length == 0) {
            return new Reading(summary(probe, index, texts.set, transfer, new boolean[0], new double[0]), all);
        }
        FittedProbe fit = switch (transfer) {
            case FROZEN -> probe.fit();
            case RE_STANDARDISED -> Transfer.reStandardised(probe.fit(), standard(texts.standardND, width));
        };
        double[] probabilities = fit.probabilities(rows);
        boolean[] labels = new boolean[kept.length];
        for (int i = 0; i < kept.length; i++) {
            labels[i] = texts.positive[kept[i]];
            all[kept[i]] = probabilities[i];
        }
        return new Reading(summary(probe, index, texts.set, transfer, labels, probabilities), all);
    }

    private static Activations standard(float[] standardND, int width) {
        Activations rows =
                Activations.of(standardND, standardND.length / width, width).rows(withTokens(standardND, width));
        requireFinite(rows);
        return rows;
    }

    private static int[] withTokens(float[] valuesND, int width) {
        return IntStream.range(0, valuesND.length / width)
                .filter(n -> !isEmpty(valuesND, n, width))
                .toArray();
    }

    private static ProbeReading summary(
            LinearProbe probe,
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

    /** A text without tokens is a row of NaN; a damaged activation seldom is. */
    private static boolean isEmpty(float[] valuesND, int row, int width) {
        for (int d = 0; d < width; d++) {
            if (!Float.isNaN(valuesND[row * width + d])) {
                return false;
            }
        }
        return true;
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
