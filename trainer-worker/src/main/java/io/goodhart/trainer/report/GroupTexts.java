package io.goodhart.trainer.report;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.probing.evaluate.AveragePrecision;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.Ranking;
import io.goodhart.probing.evaluate.TprAtFpr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** Labels of one set of texts and what several probes say of each: probability, or NaN where a text has no token. */
final class GroupTexts {
    private static final double ONE_PERCENT = 0.01;
    private static final int CALIBRATION_BINS = 15;

    private final boolean[] labels;
    private final List<double[]> probabilities;

    private GroupTexts(boolean[] labels, List<double[]> probabilities) {
        this.labels = labels;
        this.probabilities = probabilities;
    }

    /** Empty if the run has no such probes, texts or readings. */
    static Optional<GroupTexts> of(
            RunDetails details,
            ProbeRole role,
            List<Integer> indices,
            TextSet set,
            Transfer transfer,
            double threshold) {
        Optional<boolean[]> labels = details.labels(set, threshold);
        List<double[]> probabilities = new ArrayList<>();
        for (int index : indices) {
            details.probabilities(role, index, set, transfer).ifPresent(probabilities::add);
        }
        if (labels.isEmpty() || probabilities.isEmpty()) {
            return Optional.empty();
        }
        for (double[] of : probabilities) {
            if (of.length != labels.get().length) {
                throw new IllegalArgumentException("Need %d probabilities of %s probes on %s, got %d"
                        .formatted(labels.get().length, role, set, of.length));
            }
        }
        return Optional.of(new GroupTexts(labels.get(), probabilities));
    }

    int probes() {
        return probabilities.size();
    }

    /** A copy of the labels. */
    boolean[] labels() {
        return labels.clone();
    }

    /** Whether the texts carry the same labels, so that they can be taken for the same texts. */
    boolean hasLabelsOf(GroupTexts other) {
        return Arrays.equals(labels, other.labels);
    }

    /** The same readings, with only the texts that both can read. */
    GroupTexts readableWith(GroupTexts other) {
        return only(IntStream.range(0, labels.length)
                .filter(i -> isReadable(i) && other.isReadable(i))
                .toArray());
    }

    /** With only the texts that have tokens. */
    GroupTexts readable() {
        return readableWith(this);
    }

    private boolean isReadable(int text) {
        return probabilities.stream().allMatch(of -> Double.isFinite(of[text]));
    }

    private GroupTexts only(int[] texts) {
        boolean[] kept = new boolean[texts.length];
        for (int i = 0; i < texts.length; i++) {
            kept[i] = labels[texts[i]];
        }
        List<double[]> of = probabilities.stream()
                .map(all -> Arrays.stream(texts).mapToDouble(i -> all[i]).toArray())
                .toList();
        return new GroupTexts(kept, of);
    }

    /** Texts of the smaller class. */
    int ofSmallerClass() {
        return Math.min(positives(), texts() - positives());
    }

    int texts() {
        return labels.length;
    }

    int positives() {
        return (int) IntStream.range(0, labels.length).filter(i -> labels[i]).count();
    }

    /** Whether both classes are there. */
    boolean hasBothClasses() {
        return positives() > 0 && positives() < texts();
    }

    /** Mean over the probes of their AUCs. Needs both classes. */
    SeedStatistic auc() {
        return SeedStatistic.mean(probabilities.stream()
                .map(of -> SeedStatistic.ofAuc(labels, of))
                .toList());
    }

    /** The same where labels are the prompts' outcomes: what each prompt contributes, a missing text nothing. */
    SeedStatistic aucByPrompt() {
        return SeedStatistic.mean(probabilities.stream()
                .map(of -> SeedStatistic.ofAucByUnit(labels, of))
                .toList());
    }

    /** Mean probability of the positive texts that both can read, as a ratio over the prompts. Needs one such text. */
    SeedStatistic meanOfPositives(GroupTexts other) {
        double[] probability = new double[labels.length];
        double[] counts = new double[labels.length];
        double[] means = meanProbabilities();
        for (int i = 0; i < labels.length; i++) {
            boolean counted = labels[i] && isReadable(i) && other.isReadable(i);
            probability[i] = counted ? means[i] : 0;
            counts[i] = counted ? 1 : 0;
        }
        return SeedStatistic.ofRatio(probability, counts);
    }

    /** Number of positive texts that both can read. */
    int positivesReadableWith(GroupTexts other) {
        return (int) IntStream.range(0, labels.length)
                .filter(i -> labels[i] && isReadable(i) && other.isReadable(i))
                .count();
    }

    /** Mean over the probes. Needs both classes. */
    double averagePrecision() {
        return meanOverProbes((y, p) -> AveragePrecision.of(y, p).orElseThrow());
    }

    /** Mean over the probes. Needs both classes. */
    double tprAtFpr1Pct() {
        return meanOverProbes((y, p) -> TprAtFpr.of(y, p, ONE_PERCENT).orElseThrow());
    }

    /** Mean over the probes. Needs a text. */
    double brier() {
        return meanOverProbes((y, p) -> ProbabilityScores.brier(y, p).orElseThrow());
    }

    /** Mean over the probes. Needs a text. */
    double expectedCalibrationError() {
        return meanOverProbes((y, p) -> ProbabilityScores.expectedCalibrationError(y, p, CALIBRATION_BINS)
                .orElseThrow());
    }

    /** Each probe's. Needs texts that are all readable. */
    List<Ranking> rankings() {
        return probabilities.stream().map(of -> Ranking.of(labels, of)).toList();
    }

    private double meanOverProbes(ToDoubleBiFunction<boolean[], double[]> measure) {
        return probabilities.stream()
                .mapToDouble(of -> measure.applyAsDouble(labels, of))
                .average()
                .orElseThrow();
    }

    /** For each text the mean probability over the probes. */
    double[] meanProbabilities() {
        return IntStream.range(0, labels.length)
                .mapToDouble(i -> probabilities.stream()
                        .mapToDouble(of -> of[i])
                        .average()
                        .orElseThrow())
                .toArray();
    }
}
