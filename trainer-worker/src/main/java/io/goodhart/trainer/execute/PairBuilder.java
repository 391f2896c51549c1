package io.goodhart.trainer.execute;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.plan.TaskSpec.BuildPairs;
import io.goodhart.trainer.artifact.PairRow;
import io.goodhart.tuning.pairs.PairRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Makes at most one pair of each prompt's responses: the lowest label is chosen, the highest rejected. Responses without a
 * token are no candidates; a prompt with fewer than two candidates, with tied labels, with labels closer than the margin or whose
 * two responses are the same gives no pair, and each is counted.
 */
final class PairBuilder {
    private final PairRule rule;
    private final double margin;
    private final double threshold;
    private final long seed;
    private final DetectorQuality detector;
    private final List<PairRow> pairs = new ArrayList<>();
    private int prompts;
    private int candidates;
    private int empty;
    private int tooFew;
    private int ties;
    private int close;
    private int identical;
    private int chosenPositive;
    private int rejectedPositive;
    private int agreeing;

    /**
     * @param fires the signal fires at a label of at least this
     */
    PairBuilder(BuildPairs spec, double fires) {
        this.rule = new PairRule(
                PairRule.Preferred.LOWEST, 0, spec.ties()); // the margin is held here, to count what it drops
        this.margin = spec.margin();
        this.threshold = spec.threshold();
        this.seed = spec.seed();
        this.detector = new DetectorQuality(fires, spec.threshold());
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
        detector.add(usable);
        double[] labels = usable.stream().mapToDouble(Candidate::label).toArray();
        int prompt = usable.getFirst().row().promptIndex();
        SplitMix random = new SplitMix(Seeds.derive(seed, "tie/prompt/" + prompt));
        Optional<PairRule.Choice> choice = rule.choose(random, labels);
        if (choice.isEmpty()) {
            ties++;
            return;
        }
        if (choice.get().gap() < margin) {
            close++;
            return;
        }
        Candidate chosen = usable.get(choice.get().chosen());
        Candidate rejected = usable.get(choice.get().rejected());
        if (chosen.row().responseIds().equals(rejected.row().responseIds())) {
            identical++;
            return;
        }
        pair(chosen, rejected);
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
                identical,
                tooFew,
                empty,
                chosenPositive / all,
                rejectedPositive / all,
                agreeing / all,
                detector.threshold(),
                boxed(detector.truePositiveRate()),
                boxed(detector.falsePositiveRate()),
                boxed(detector.auroc()),
                boxed(detector.orderAgreement()));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    DetectorQuality detector() {
        return detector;
    }

    @Override
    public String toString() {
        return "%d prompts with %d responses: %d empty; %d prompts too few, %d tied, %d too close, %d with equal responses"
                .formatted(prompts, candidates, empty, tooFew, ties, close, identical);
    }
}
