package io.goodhart.trainer.report;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.Calibration;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.GroupTexts;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Resampled;
import io.goodhart.domain.statistics.HanleyMcNeil;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How groups of probes read the texts after training. */
record ProbeSection(double threshold, double level, Families families, Resampling resampling, SeedPool pool) {
    private static final List<TextSet> SETS = List.of(TextSet.FIXED, TextSet.OWN, TextSet.LABELLED);

    /** A result with the difference to the baseline that it rests on, for the verdict. */
    record Reading(ProbeResult result, Optional<SeedMean> difference) {
        Reading with(ProbeResult adjusted) {
            return new Reading(adjusted, difference);
        }
    }

    /** Probes of a run that are averaged. */
    private record Probes(ProbeRole role, List<Integer> indices) {}

    /** Every reading that there is. */
    List<Reading> of(Arm arm, Optional<Arm> baseline, Optional<Arm> control) {
        List<Reading> readings = new ArrayList<>();
        for (TextSet set : SETS) {
            for (ProbeGroup group : ProbeGroup.values()) {
                for (Transfer transfer : Transfer.values()) {
                    one(arm, new What(group, set, transfer), baseline, control).ifPresent(readings::add);
                }
            }
        }
        return readings;
    }

    private Optional<Reading> one(Arm arm, What what, Optional<Arm> baseline, Optional<Arm> control) {
        List<GroupTexts> all = new ArrayList<>();
        for (Run run : arm.runs()) {
            texts(arm, run, what).ifPresent(all::add);
        }
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<GroupTexts> perSeed = all.stream().map(GroupTexts::readable).toList();
        List<GroupTexts> ranked =
                perSeed.stream().filter(GroupTexts::hasBothClasses).toList();
        Optional<Difference> difference = difference(arm, what, baseline);
        TextSet set = what.set();
        ProbeResult result = new ProbeResult(
                what.group(),
                set,
                what.transfer(),
                perSeed.getFirst().probes(),
                count(perSeed, set, GroupTexts::texts),
                count(perSeed, set, GroupTexts::positives),
                ranked.isEmpty() ? null : auroc(name(what), set, all),
                mean(ranked, GroupMetrics::averagePrecision),
                mean(ranked, GroupMetrics::tprAtFpr1Pct),
                accuracy(arm, what),
                meanProbability(perSeed),
                comparison(baseline, difference, families.againstBaseline(what.group()), set, perSeed),
                comparison(
                        control, difference(arm, what, control), families.againstControl(what.group()), set, perSeed),
                resampled(arm, what, ranked, baseline).orElse(null),
                calibration(perSeed));
        return Optional.of(new Reading(result, difference.map(Difference::mean)));
    }

    /** Which probes read which texts. */
    record What(ProbeGroup group, TextSet set, Transfer transfer) {}

    /** Frozen and refitted probes, with differences on the texts that the baseline reads too. */
    private Optional<Resampled> resampled(Arm arm, What what, List<GroupTexts> ranked, Optional<Arm> baseline) {
        if (what.transfer() != Transfer.FROZEN) {
            return Optional.empty();
        }
        List<Resampling.Pair> pairs = new ArrayList<>();
        if (what.set() != TextSet.OWN && baseline.isPresent() && !baseline.get().is(arm)) {
            for (Run run : arm.runs()) {
                pair(arm, run, baseline.get(), what).ifPresent(pairs::add);
            }
        }
        return resampling.of(ranked, pairs, baseline.map(Arm::name).orElse(""));
    }

    private Optional<Resampling.Pair> pair(Arm arm, Run run, Arm baseline, What what) {
        Optional<GroupTexts> own = texts(arm, run, what);
        return own.flatMap(ours -> baseline.runFor(run.seed())
                .flatMap(partner -> partnerTexts(arm, run, partner, what))
                .filter(theirs -> areComparable(what.set(), ours, theirs))
                .map(theirs -> new Resampling.Pair(ours.readableWith(theirs), theirs.readableWith(ours))));
    }

    /** Mean over seeds of what the group says of a text on average. */
    private static double meanProbability(List<GroupTexts> perSeed) {
        return perSeed.stream()
                .filter(texts -> texts.texts() > 0)
                .mapToDouble(texts ->
                        Arrays.stream(texts.meanProbabilities()).average().orElseThrow())
                .average()
                .orElse(0);
    }

    private static @Nullable Calibration calibration(List<GroupTexts> perSeed) {
        OptionalDouble brier = perSeed.stream()
                .filter(texts -> texts.texts() > 0)
                .mapToDouble(GroupMetrics::brier)
                .average();
        OptionalDouble error = perSeed.stream()
                .filter(texts -> texts.texts() > 0)
                .mapToDouble(GroupMetrics::expectedCalibrationError)
                .average();
        return brier.isEmpty() ? null : new Calibration(brier.getAsDouble(), error.orElseThrow());
    }

    /** Own responses are other texts in every seed; the fixed and the labelled ones are the same. */
    private static int count(List<GroupTexts> perSeed, TextSet set, ToIntFunction<GroupTexts> number) {
        IntStream numbers = perSeed.stream().mapToInt(number);
        return set == TextSet.OWN ? numbers.sum() : numbers.min().orElseThrow();
    }

    private Optional<GroupTexts> texts(Arm arm, Run run, What what) {
        return texts(run, new Probes(what.group().role(), arm.indices(what.group(), run)), what.set(), what.transfer());
    }

    private Optional<GroupTexts> texts(Run run, Probes probes, TextSet set, Transfer transfer) {
        return GroupTexts.of(run.details(), probes.role(), probes.indices(), set, transfer, threshold);
    }

    private static String name(What what) {
        return what.group() + " " + what.set() + " " + what.transfer();
    }

    private Estimate auroc(String reading, TextSet set, List<GroupTexts> perSeed) {
        List<GroupTexts> ranked = perSeed.stream()
                .filter(texts -> texts.readable().hasBothClasses())
                .toList();
        List<SeedStatistic> aucs = ranked.stream().map(texts -> auc(set, texts)).toList();
        SeedMean mean = pool.of(reading, SeedMean.of(aucs));
        GroupTexts fewest = fewest(ranked);
        Optional<Interval> interval = mean.interval(level)
                .map(i -> i.clippedTo(0, 1))
                .or(() -> HanleyMcNeil.scoreInterval( // separated classes, or a single text of a class
                        mean.mean(), fewest.positives(), fewest.texts() - fewest.positives(), level));
        return Estimates.of(mean.mean(), interval, Estimates.bySeed(aucs));
    }

    /** Units are texts where all models read the same ones, and prompts where each has responses of its own. */
    private static SeedStatistic auc(TextSet set, GroupTexts texts) {
        return set == TextSet.OWN ? texts.aucByPrompt() : texts.readable().auc();
    }

    private static GroupTexts fewest(List<GroupTexts> perSeed) {
        return perSeed.stream()
                .map(GroupTexts::readable)
                .min(Comparator.comparingInt(GroupTexts::ofSmallerClass))
                .orElseThrow();
    }

    /**
     * This arm minus another on the same texts, or on own responses to the same prompts.
     *
     * @param separated the interval where both separate the classes or one reverses them, so that nothing varies
     */
    private record Difference(SeedMean mean, Optional<Interval> separated) {}

    private Optional<Difference> difference(Arm arm, What what, Optional<Arm> other) {
        return compared(arm, what, other).map(compared -> {
            String reading = name(what) + (other.orElseThrow().isBaseline() ? " against baseline" : " against control");
            return new Difference(
                    pool.of(reading, SeedMean.of(compared.differences())),
                    separated(compared.ours(), compared.theirs(), fewest(compared.texts())));
        });
    }

    /**
     * This arm's AUCs and another's on the same texts, or on own responses to the same prompts, seed by seed.
     *
     * @param texts what both read
     */
    record Compared(List<SeedStatistic> ours, List<SeedStatistic> theirs, List<GroupTexts> texts) {
        /** Ours minus theirs. */
        List<SeedStatistic> differences() {
            return IntStream.range(0, ours.size())
                    .mapToObj(s -> ours.get(s).minus(theirs.get(s)))
                    .toList();
        }
    }

    /** Empty if a seed lacks the texts, or a class of them. */
    Optional<Compared> compared(Arm arm, What what, Optional<Arm> other) {
        if (other.isEmpty() || other.get().is(arm)) {
            return Optional.empty();
        }
        List<SeedStatistic> ours = new ArrayList<>();
        List<SeedStatistic> theirs = new ArrayList<>();
        List<GroupTexts> compared = new ArrayList<>();
        for (Run run : arm.runs()) {
            Optional<GroupTexts> own = texts(arm, run, what);
            Optional<GroupTexts> others =
                    other.get().runFor(run.seed()).flatMap(partner -> partnerTexts(arm, run, partner, what));
            if (own.isEmpty() || others.isEmpty() || !areComparable(what.set(), own.get(), others.get())) {
                return Optional.empty();
            }
            boolean ofOwn = what.set() == TextSet.OWN;
            compared.add(ofOwn ? own.get() : own.get().readableWith(others.get()));
            compared.add(ofOwn ? others.get() : others.get().readableWith(own.get()));
            ours.add(auc(what.set(), compared.get(compared.size() - 2)));
            theirs.add(auc(what.set(), compared.getLast()));
        }
        return ours.isEmpty() ? Optional.empty() : Optional.of(new Compared(ours, theirs, compared));
    }

    /** One a seed that has both classes. */
    List<SeedStatistic> aucs(Arm arm, What what) {
        return arm.runs().stream()
                .map(run -> texts(arm, run, what))
                .flatMap(Optional::stream)
                .filter(texts -> texts.readable().hasBothClasses())
                .map(texts -> auc(what.set(), texts))
                .toList();
    }

    private static boolean areComparable(TextSet set, GroupTexts own, GroupTexts other) {
        if (set == TextSet.OWN) {
            return own.texts() == other.texts()
                    && own.readable().hasBothClasses()
                    && other.readable().hasBothClasses();
        }
        return own.hasLabelsOf(other) && own.readableWith(other).hasBothClasses();
    }

    private Optional<Interval> separated(List<SeedStatistic> ours, List<SeedStatistic> theirs, GroupTexts fewest) {
        double own = mean(ours);
        double other = mean(theirs);
        boolean atTheEnd = own == 0 || own == 1 || other == 0 || other == 1;
        return atTheEnd
                ? HanleyMcNeil.differenceInterval(
                        own, other, fewest.positives(), fewest.texts() - fewest.positives(), level)
                : Optional.empty();
    }

    static double mean(List<SeedStatistic> statistics) {
        return statistics.stream()
                .mapToDouble(SeedStatistic::estimate)
                .average()
                .orElseThrow();
    }

    /** The same probes on the other model; held-out ones where it has no refitted ones, as it was where probes are fitted on. */
    private Optional<GroupTexts> partnerTexts(Arm arm, Run run, Run partner, What what) {
        ProbeGroup group = what.group();
        TextSet set = what.set();
        ProbeRole role = group.role();
        List<Integer> indices = switch (group) {
            case SEEN, TRAIN, HELD_OUT, CONTROL -> arm.indices(group, run);
            case RETRAINED, REFITTED -> partner.details().indices(role);
        };
        Probes same = new Probes(role, indices);
        Probes heldOut = new Probes(ProbeRole.HELD_OUT, partner.details().indices(ProbeRole.HELD_OUT));
        Optional<GroupTexts> texts =
                texts(partner, same, set, what.transfer()).or(() -> texts(partner, same, set, Transfer.FROZEN));
        boolean refitted = group == ProbeGroup.RETRAINED || group == ProbeGroup.REFITTED;
        return refitted ? texts.or(() -> texts(partner, heldOut, set, Transfer.FROZEN)) : texts;
    }

    /** Refitted minus frozen probes of the same models on the fixed texts: whether refitting brings anything back. */
    Optional<SeedMean> gainOfRefitting(Arm arm, ProbeGroup refit, ProbeGroup frozen) {
        List<SeedStatistic> gains = new ArrayList<>();
        for (Run run : arm.runs()) {
            Optional<GroupTexts> refitted = texts(arm, run, onFixed(refit));
            Optional<GroupTexts> before = texts(arm, run, onFixed(frozen));
            if (refitted.isEmpty()
                    || before.isEmpty()
                    || !refitted.get().readableWith(before.get()).hasBothClasses()) {
                return Optional.empty();
            }
            gains.add(refitted.get()
                    .readableWith(before.get())
                    .auc()
                    .minus(before.get().readableWith(refitted.get()).auc()));
        }
        return gains.isEmpty()
                ? Optional.empty()
                : Optional.of(pool.of(refit + " against " + frozen, SeedMean.of(gains)));
    }

    private static What onFixed(ProbeGroup group) {
        return new What(group, TextSet.FIXED, Transfer.FROZEN);
    }

    private @Nullable Comparison comparison(
            Optional<Arm> other, Optional<Difference> difference, int family, TextSet set, List<GroupTexts> perSeed) {
        if (other.isEmpty() || difference.isEmpty()) {
            return null;
        }
        GroupTexts first = perSeed.getFirst();
        SeedMean mean = difference.get().mean();
        return Estimates.comparison(
                other.get().name(),
                mean,
                difference.get().separated(),
                new Estimates.Tests(level, family),
                "%s, mean of %d probe(s), %d seed(s)"
                        .formatted(
                                set == TextSet.OWN
                                        ? "DeLong's influence values by prompt"
                                        : "paired DeLong on %d texts".formatted(first.texts()),
                                first.probes(),
                                mean.seeds()));
    }

    private static @Nullable Double mean(List<GroupTexts> perSeed, ToDoubleFunction<GroupTexts> value) {
        OptionalDouble mean = perSeed.stream().mapToDouble(value).average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    private static @Nullable Double accuracy(Arm arm, What what) {
        OptionalDouble mean = arm.runs().stream()
                .flatMap(run ->
                        run.result().evaluation().probes().stream().filter(reading -> matches(reading, arm, run, what)))
                .mapToDouble(ProbeReading::accuracy)
                .average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    private static boolean matches(ProbeReading reading, Arm arm, Run run, What what) {
        return reading.role() == what.group().role()
                && reading.set() == whereItIsRead(run, what.set())
                && reading.transfer() == what.transfer()
                && arm.indices(what.group(), run).contains(reading.index());
    }

    /** The untrained model's own texts are the fixed ones, unless it was measured on others of its own. */
    private static TextSet whereItIsRead(Run run, TextSet set) {
        boolean apart = run.result().evaluation().probes().stream().anyMatch(reading -> reading.set() == set);
        return set == TextSet.FIXED && !apart ? TextSet.OWN : set;
    }

    /** The reading of frozen or refitted probes on the fixed texts. */
    static Optional<Reading> onFixedTexts(List<Reading> readings, ProbeGroup group) {
        return readings.stream()
                .filter(reading -> reading.result().group() == group
                        && reading.result().set() == TextSet.FIXED
                        && reading.result().transfer() == Transfer.FROZEN)
                .findFirst();
    }

    /** Whether two results belong to one family of tests: the same reading in other arms. */
    static boolean sameFamily(ProbeResult one, ProbeResult other) {
        return one.group() == other.group() && one.set() == other.set() && one.transfer() == other.transfer();
    }
}
