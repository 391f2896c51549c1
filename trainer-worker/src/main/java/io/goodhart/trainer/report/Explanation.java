package io.goodhart.trainer.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Rules;
import io.goodhart.domain.report.Verdict.Outcome;
import io.goodhart.domain.report.Verdict.Pressure;
import io.goodhart.domain.report.Verdict.State;
import io.goodhart.domain.report.Verdict.ThresholdLoss;
import io.goodhart.domain.statistics.Detection;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.trainer.report.ProbeSection.Reading;
import io.goodhart.trainer.report.VerdictRules.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The numbers behind a verdict in sentences, and what would decide an open one. */
record Explanation(Rules rules, Evidence evidence, Map<ProbeGroup, State> states) {
    /** More is no advice. */
    private static final double MOST = 100_000;

    List<String> reasons(Outcome outcome, Pressure pressure) {
        if (!evidence.isMeasured()) {
            return List.of("No run of this arm was measured.");
        }
        List<String> reasons = new ArrayList<>();
        states.forEach((group, state) -> reading(group)
                .map(Reading::result)
                .map(ProbeResult::againstBaseline)
                .ifPresent(difference -> reasons.add(sentence(group, state, difference))));
        if (reasons.isEmpty()) {
            reasons.add("No probe was read on the fixed texts, by this arm and by the baseline.");
        }
        thresholdLoss()
                .ifPresent(loss -> reasons.add("A new threshold is needed: accuracy at the old one %s → %s (%s)."
                        .formatted(
                                fixed(loss.before()),
                                fixed(loss.after()),
                                name(loss.group()).toLowerCase(Locale.ROOT))));
        if (!pressure.exerted()) {
            reasons.add("No pressure: neither the behaviour nor a perplexity moved"
                    + (outcome == Outcome.PRESERVED ? ", so this says little." : "."));
        }
        return reasons;
    }

    private static String sentence(ProbeGroup group, State state, Comparison difference) {
        String interval = difference.lower() == null || difference.upper() == null
                ? ""
                : " [%s,\u00a0%s]".formatted(signed(difference.lower()), signed(difference.upper()));
        String verb = switch (state) {
            case KEPT -> "kept";
            case FAILED -> "failed";
            case UNCLEAR -> "unclear";
            case NOT_MEASURED -> "not measured";
        };
        return "%s: ΔAUC %s%s, %s.".formatted(name(group), signed(difference.difference()), interval, verb);
    }

    /** Ranking may survive while the threshold does not. */
    Optional<ThresholdLoss> thresholdLoss() {
        for (ProbeGroup group : List.of(ProbeGroup.SEEN, ProbeGroup.TRAIN, ProbeGroup.HELD_OUT)) {
            Double after = reading(group).map(r -> r.result().accuracy()).orElse(null);
            ProbeGroup before = group == ProbeGroup.SEEN ? ProbeGroup.TRAIN : group;
            Double baseline = ProbeSection.onFixedTexts(evidence.baselineReadings(), before)
                    .map(r -> r.result().accuracy())
                    .orElse(null);
            if (after != null && baseline != null && baseline - after > StandardRules.ACCURACY_LOSS) {
                return Optional.of(new ThresholdLoss(group, baseline, after));
            }
        }
        return Optional.empty();
    }

    /** How many prompts or seeds would settle the first open group. */
    @Nullable
    String needed() {
        if (!evidence.isMeasured()) {
            return "a run that ends; the warnings say why none did.";
        }
        for (ProbeGroup group : ProbeGroup.values()) {
            State state = states.getOrDefault(group, State.NOT_MEASURED);
            boolean open = state == State.UNCLEAR;
            Optional<SeedMean> difference = reading(group).flatMap(Reading::difference);
            int fewest = reading(group)
                    .map(Reading::result)
                    .map(result -> Math.min(result.positives(), result.texts() - result.positives()))
                    .orElse(0);
            if (open && fewest < rules.fewPositives()) {
                return "%d fixed texts of each class (now %d of the rarer one): more evaluation prompts."
                        .formatted(rules.fewPositives(), fewest);
            }
            if (open && difference.isPresent()) {
                return needed(group, difference.get());
            }
        }
        if (states.get(ProbeGroup.RETRAINED) == State.NOT_MEASURED && states.containsValue(State.FAILED)) {
            return "fit probes on the trained model (probes.retrained of 1 or more, on responses of both classes).";
        }
        return "read probes on the fixed texts in the baseline and in this arm.";
    }

    /**
     * What {@link Detection} asks of u·n/n′ + s, at the degrees of freedom there are. To be kept, the interval must leave the margin: d
     * is the distance to it. To have failed, where the estimate lost the margin already, it must leave 0: d is the loss.
     */
    private String needed(ProbeGroup group, SeedMean difference) {
        double mean = difference.mean();
        double distance = mean <= -rules.margin() ? -mean : mean + rules.margin();
        double allowed = Detection.student(rules.level(), 1, difference.degreesOfFreedom())
                .variance(distance);
        String name = name(group).toLowerCase(Locale.ROOT);
        if (difference.variance() <= 0 || Double.isNaN(difference.variance())) {
            return "more positive and negative texts for the %s probes.".formatted(name);
        }
        double both = difference.variance() / allowed;
        if (difference.seedVariance() < allowed) {
            double texts = difference.unitVariance() / (allowed - difference.seedVariance());
            if (texts <= 1) {
                return "one or two more seeds for the %s probes (now %d), so that their spread is known better."
                        .formatted(name, difference.seeds());
            }
            if (texts * difference.units() < MOST) {
                return "about %d evaluation prompts (now %d) for the %s probes, for 80 %% power at this difference and spread."
                        .formatted((long) Math.ceil(texts * evidence.prompts()), evidence.prompts(), name);
            }
        }
        if (difference.seeds() * both < MOST && difference.seedVariance() >= allowed) {
            return "about %d seeds (now %d) for the %s probes, for 80 %% power at this difference and spread."
                    .formatted((long) Math.ceil(difference.seeds() * both), difference.seeds(), name);
        }
        return "no feasible number of prompts: the %s probes lost just about the margin of %s."
                .formatted(name, fixed(rules.margin()));
    }

    private Optional<Reading> reading(ProbeGroup group) {
        return ProbeSection.onFixedTexts(Objects.requireNonNull(evidence.readings()), group);
    }

    private static String name(ProbeGroup group) {
        return switch (group) {
            case SEEN -> "Seen";
            case TRAIN -> "Train";
            case HELD_OUT -> "Held-out";
            case RETRAINED -> "Retrained";
            case REFITTED -> "Refit on shared texts";
            case CONTROL -> "Shuffled control";
        };
    }

    private static String fixed(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String signed(double value) {
        String text = String.format(Locale.ROOT, "%+.3f", value);
        return text.endsWith("0.000") ? "0.000" : text.replace('-', '−');
    }
}
