package io.goodhart.trainer.execute;

import io.goodhart.probing.evaluate.RocAuc;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How well the signal that labels candidates knows the behaviour, by the scorer: whether a policy that is trained against it turns
 * honest or evades depends on its rate of true positives (Cundy and Gleave 2025, arXiv:2505.13787).
 */
final class DetectorQuality {
    private final double fires;
    private final double threshold;
    private final List<Double> labels = new ArrayList<>();
    private final List<Boolean> positives = new ArrayList<>();
    private long ordered;
    private double agreeing;

    /**
     * @param fires the signal fires at a label of at least this
     * @param threshold a response shows the behaviour iff its score is at least this
     */
    DetectorQuality(double fires, double threshold) {
        this.fires = fires;
        this.threshold = threshold;
    }

    /** The usable responses to one prompt. */
    void add(List<Candidate> responses) {
        for (int i = 0; i < responses.size(); i++) {
            Candidate one = responses.get(i);
            labels.add(one.label());
            positives.add(one.score() >= threshold);
            for (Candidate other : responses.subList(0, i)) {
                compare(one, other);
            }
        }
    }

    private void compare(Candidate one, Candidate other) {
        double byScorer = Math.signum(one.score() - other.score());
        if (byScorer != 0) {
            ordered++;
            agreeing +=
                    (1 + byScorer * Math.signum(one.label() - other.label())) / 2; // a tie of labels counts one half
        }
    }

    double threshold() {
        return fires;
    }

    /** Candidates that show the behaviour. */
    int positives() {
        return Math.toIntExact(positives.stream().filter(positive -> positive).count());
    }

    int negatives() {
        return positives.size() - positives();
    }

    /** P(signal fires | behaviour shown); empty if it never is. */
    OptionalDouble truePositiveRate() {
        return rate(true);
    }

    /** P(signal fires | behaviour not shown); empty if it always is. */
    OptionalDouble falsePositiveRate() {
        return rate(false);
    }

    private OptionalDouble rate(boolean positive) {
        int all = 0;
        int fired = 0;
        for (int n = 0; n < labels.size(); n++) {
            if (positives.get(n) == positive) {
                all++;
                fired += labels.get(n) >= fires ? 1 : 0;
            }
        }
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of(fired / (double) all);
    }

    /** AUC of the signal over all candidates; empty with one class only. */
    OptionalDouble auroc() {
        boolean[] shown = new boolean[positives.size()];
        for (int n = 0; n < shown.length; n++) {
            shown[n] = positives.get(n);
        }
        return RocAuc.of(shown, labels.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Share of the twos of responses to one prompt with different scores that the signal orders as the scorer does. */
    OptionalDouble orderAgreement() {
        return ordered == 0 ? OptionalDouble.empty() : OptionalDouble.of(agreeing / ordered);
    }
}
