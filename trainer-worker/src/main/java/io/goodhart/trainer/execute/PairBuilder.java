package io.goodhart.trainer.execute;

import io.goodhart.trainer.artifact.PairRow;
import io.goodhart.tuning.pairs.PairRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes at most one pair of each prompt's responses: the lowest label is chosen, the highest rejected. Responses without a
 * token are no candidates; a prompt with fewer than two candidates, with tied labels or with labels closer than the margin
 * gives no pair, and each is counted.
 */
final class PairBuilder {
    private final double margin;
    private final double threshold;
    private final List<PairRow> pairs = new ArrayList<>();
    private int prompts;
    private int candidates;
    private int empty;
    private int tooFew;
    private int ties;
    private int close;
    private int chosenPositive;
    private int rejectedPositive;
    private int agreeing;

    /**
     * @param margin least difference of labels
     * @param threshold a response is positive iff its score is at least this
     */
    PairBuilder(double margin, double threshold) {
        this.margin = margin;
        this.threshold = threshold;
    }

    /** Groups candidates by prompt, keeping their order. */
    static Collection<List<Candidate>> byPrompt(List<Candidate> candidates) {
        Map<Integer, List<Candidate>> prompts = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            prompts.computeIfAbsent(candidate.row().promptIndex(), key -> new ArrayList<>())
                    .add(candidate);
        }
        return prompts.values();
    }

    /** All responses to one prompt. */
    void add(List<Candidate> responses) {
        List<Candidate> usable = responses.stream()
                .filter(response -> !response.row().lacksTokens())
                .toList();
        prompts++;
        candidates += responses.size();
        empty += responses.size() - usable.size();
        if (usable.size() < 2) {
            tooFew++;
            return;
        }
        double[] labels = usable.stream().mapToDouble(Candidate::label).toArray();
        Optional<PairRule.Choice> choice = PairRule.lowestChosen().choose(labels);
        if (choice.isEmpty()) {
            ties++;
            return;
        }
        if (choice.get().gap() < margin) {
            close++;
            return;
        }
        pair(usable.get(choice.get().chosen()), usable.get(choice.get().rejected()));
    }

    private void pair(Candidate chosen, Candidate rejected) {
        chosenPositive += chosen.score() >= threshold ? 1 : 0;
        rejectedPositive += rejected.score() >= threshold ? 1 : 0;
        agreeing += chosen.score() < rejected.score() ? 1 : 0;
        pairs.add(new PairRow(
                chosen.row().promptIndex(),
                chosen.row().promptIds(),
                chosen.row().responseIds(),
                rejected.row().responseIds(),
                chosen.label(),
                rejected.label(),
                chosen.referenceLogProb(),
                rejected.referenceLogProb()));
    }

    List<PairRow> pairs() {
        return Collections.unmodifiableList(pairs);
    }

    /** Counts and shares; needs at least one pair. */
    PairSummary summary() {
        double all = pairs.size();
        return new PairSummary(
                prompts,
                candidates,
                pairs.size(),
                ties,
                close,
                tooFew,
                empty,
                chosenPositive / all,
                rejectedPositive / all,
                agreeing / all);
    }

    @Override
    public String toString() {
        return "%d prompts with %d responses: %d empty; %d prompts too few, %d tied, %d too close"
                .formatted(prompts, candidates, empty, tooFew, ties, close);
    }
}
