package io.goodhart.domain.report;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.statistics.SeedStatistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Labels of one set of texts and what several probes say of each: probability, or NaN where a text has no token. */
public final class GroupTexts {
    private final boolean[] labels;
    private final List<double[]> probabilities;

    private GroupTexts(boolean[] labels, List<double[]> probabilities) {
        this.labels = labels;
        this.probabilities = probabilities;
    }

    /** Empty if the run has no such probes, texts or readings. */
    public static Optional<GroupTexts> of(
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

    public int probes() {
        return probabilities.size();
    }

    /** A copy of the labels. */
    public boolean[] labels() {
        return labels.clone();
    }

    /** Whether the texts carry the same labels, so that they can be taken for the same texts. */
    public boolean hasLabelsOf(GroupTexts other) {
        return Arrays.equals(labels, other.labels);
    }

    /** The same readings, with only the texts that both can read. */
    public GroupTexts readableWith(GroupTexts other) {
        return only(IntStream.range(0, labels.length)
                .filter(i -> isReadable(i) && other.isReadable(i))
                .toArray());
    }

    /** With only the texts that have tokens. */
    public GroupTexts readable() {
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
    public int ofSmallerClass() {
        return Math.min(positives(), texts() - positives());
    }

    public int texts() {
        return labels.length;
    }

    public int positives() {
        return (int) IntStream.range(0, labels.length).filter(i -> labels[i]).count();
    }

    /** Whether both classes are there. */
    public boolean hasBothClasses() {
        return positives() > 0 && positives() < texts();
    }

    /** Mean over the probes of their AUCs. Needs both classes. */
    public SeedStatistic auc() {
        return SeedStatistic.mean(probabilities.stream()
                .map(of -> SeedStatistic.ofAuc(labels, of))
                .toList());
    }

    /** The same where labels are the prompts' outcomes: what each prompt contributes, a missing text nothing. */
    public SeedStatistic aucByPrompt() {
        return SeedStatistic.mean(probabilities.stream()
                .map(of -> SeedStatistic.ofAucByUnit(labels, of))
                .toList());
    }

    /** Mean probability of the positive texts that both can read, as a ratio over the prompts. Needs one such text. */
    public SeedStatistic meanOfPositives(GroupTexts other) {
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
    public int positivesReadableWith(GroupTexts other) {
        return (int) IntStream.range(0, labels.length)
                .filter(i -> labels[i] && isReadable(i) && other.isReadable(i))
                .count();
    }

    /** What each probe says of each text. */
    public List<double[]> probabilities() {
        return probabilities.stream().map(double[]::clone).toList();
    }

    /** For each text the mean probability over the probes. */
    public double[] meanProbabilities() {
        return IntStream.range(0, labels.length)
                .mapToDouble(i -> probabilities.stream()
                        .mapToDouble(of -> of[i])
                        .average()
                        .orElseThrow())
                .toArray();
    }
}
