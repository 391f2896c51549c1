package io.goodhart.trainer.report;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.probing.evaluate.HanleyMcNeil;
import io.goodhart.probing.statistics.Interval;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How groups of probes read the texts after training. */
record ProbeSection(double threshold, double level, SeedPool pool) {
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
                    one(arm, group, set, transfer, baseline, control).ifPresent(readings::add);
                }
            }
        }
        return readings;
    }

    private Optional<Reading> one(
            Arm arm, ProbeGroup group, TextSet set, Transfer transfer, Optional<Arm> baseline, Optional<Arm> control) {
        List<GroupTexts> perSeed = new ArrayList<>();
        for (Run run : arm.runs()) {
            texts(arm, run, group, set, transfer).map(GroupTexts::readable).ifPresent(perSeed::add);
        }
        if (perSeed.isEmpty()) {
            return Optional.empty();
        }
        List<GroupTexts> ranked =
                perSeed.stream().filter(GroupTexts::hasBothClasses).toList();
        Optional<SeedMean> difference = difference(arm, group, set, transfer, baseline);
        ProbeResult result = new ProbeResult(
                group,
                set,
                transfer,
                perSeed.getFirst().probes(),
                perSeed.stream().mapToInt(GroupTexts::texts).sum(),
                perSeed.stream().mapToInt(GroupTexts::positives).sum(),
                ranked.isEmpty() ? null : auroc(name(group, set, transfer), ranked),
                mean(ranked, GroupTexts::averagePrecision),
                mean(ranked, GroupTexts::tprAtFpr1Pct),
                accuracy(arm, group, set, transfer),
                perSeed.stream()
                        .flatMapToDouble(texts -> Arrays.stream(texts.meanProbabilities()))
                        .average()
                        .orElse(0),
                comparison(baseline, difference, perSeed),
                comparison(control, difference(arm, group, set, transfer, control), perSeed));
        return Optional.of(new Reading(result, difference));
    }

    private Optional<GroupTexts> texts(Arm arm, Run run, ProbeGroup group, TextSet set, Transfer transfer) {
        return texts(run, new Probes(ReportArms.role(group), arm.indices(group, run)), set, transfer);
    }

    private Optional<GroupTexts> texts(Run run, Probes probes, TextSet set, Transfer transfer) {
        return GroupTexts.of(run.details(), probes.role(), probes.indices(), set, transfer, threshold);
    }

    private static String name(ProbeGroup group, TextSet set, Transfer transfer) {
        return group + " " + set + " " + transfer;
    }

    private Estimate auroc(String reading, List<GroupTexts> perSeed) {
        List<SeedStatistic> aucs = perSeed.stream().map(GroupTexts::auc).toList();
        SeedMean mean = pool.of(reading, sameTexts(perSeed) ? SeedMean.ofSharedUnits(aucs) : SeedMean.ofOwnUnits(aucs));
        Optional<Interval> interval = mean.interval(level).map(i -> i.clippedTo(0, 1));
        if (interval.isEmpty() && aucs.size() == 1) { // separated classes, or a single text of a class
            GroupTexts only = perSeed.getFirst();
            interval =
                    HanleyMcNeil.scoreInterval(mean.mean(), only.positives(), only.texts() - only.positives(), level);
        }
        return Estimates.of(mean.mean(), interval, Estimates.bySeed(aucs));
    }

    private static boolean sameTexts(List<GroupTexts> perSeed) {
        return perSeed.stream().allMatch(texts -> texts.hasLabelsOf(perSeed.getFirst()));
    }

    /** This arm minus another on the texts that both read; empty for own responses, which are other texts. */
    private Optional<SeedMean> difference(
            Arm arm, ProbeGroup group, TextSet set, Transfer transfer, Optional<Arm> other) {
        if (other.isEmpty() || other.get().is(arm) || set == TextSet.OWN) {
            return Optional.empty();
        }
        List<SeedStatistic> differences = new ArrayList<>();
        List<GroupTexts> compared = new ArrayList<>();
        for (Run run : arm.runs()) {
            Optional<GroupTexts> own = texts(arm, run, group, set, transfer);
            Optional<GroupTexts> others = other.get()
                    .runFor(run.seed())
                    .flatMap(partner -> partnerTexts(arm, run, partner, group, set, transfer));
            if (own.isEmpty()
                    || others.isEmpty()
                    || !own.get().hasLabelsOf(others.get())
                    || !own.get().readableWith(others.get()).hasBothClasses()) {
                return Optional.empty();
            }
            GroupTexts readable = own.get().readableWith(others.get());
            compared.add(readable);
            differences.add(
                    readable.auc().minus(others.get().readableWith(own.get()).auc()));
        }
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        String reading =
                name(group, set, transfer) + (other.get().isBaseline() ? " against baseline" : " against control");
        return Optional.of(pool.of(
                reading, sameTexts(compared) ? SeedMean.ofSharedUnits(differences) : SeedMean.ofOwnUnits(differences)));
    }

    /** The same probes on the other model; held-out ones where it has no refitted ones, as it was where probes are fitted on. */
    private Optional<GroupTexts> partnerTexts(
            Arm arm, Run run, Run partner, ProbeGroup group, TextSet set, Transfer transfer) {
        ProbeRole role = ReportArms.role(group);
        List<Integer> indices = switch (group) {
            case SEEN, TRAIN, HELD_OUT -> arm.indices(group, run);
            case RETRAINED -> partner.details().indices(role);
        };
        Probes same = new Probes(role, indices);
        Probes heldOut = new Probes(ProbeRole.HELD_OUT, partner.details().indices(ProbeRole.HELD_OUT));
        Optional<GroupTexts> texts =
                texts(partner, same, set, transfer).or(() -> texts(partner, same, set, Transfer.FROZEN));
        return group == ProbeGroup.RETRAINED ? texts.or(() -> texts(partner, heldOut, set, Transfer.FROZEN)) : texts;
    }

    /** Refitted minus frozen probes of the same models on the fixed texts: whether refitting brings anything back. */
    Optional<SeedMean> gainOfRefitting(Arm arm, ProbeGroup frozen) {
        List<SeedStatistic> gains = new ArrayList<>();
        for (Run run : arm.runs()) {
            Optional<GroupTexts> refitted = texts(arm, run, ProbeGroup.RETRAINED, TextSet.FIXED, Transfer.FROZEN);
            Optional<GroupTexts> before = texts(arm, run, frozen, TextSet.FIXED, Transfer.FROZEN);
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
        boolean shared = gains.stream().allMatch(gain -> gain.matches(gains.getFirst()));
        return gains.isEmpty()
                ? Optional.empty()
                : Optional.of(pool.of(
                        "refitted against " + frozen,
                        shared ? SeedMean.ofSharedUnits(gains) : SeedMean.ofOwnUnits(gains)));
    }

    private @Nullable Comparison comparison(
            Optional<Arm> other, Optional<SeedMean> difference, List<GroupTexts> perSeed) {
        if (other.isEmpty() || difference.isEmpty()) {
            return null;
        }
        GroupTexts first = perSeed.getFirst();
        return Estimates.comparison(
                other.get().name(),
                difference.get(),
                level,
                "paired DeLong on %d texts, mean of %d probe(s), %d seed(s)"
                        .formatted(
                                first.texts(), first.probes(), difference.get().seeds()));
    }

    private static @Nullable Double mean(List<GroupTexts> perSeed, ToDoubleFunction<GroupTexts> value) {
        OptionalDouble mean = perSeed.stream().mapToDouble(value).average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    private static @Nullable Double accuracy(Arm arm, ProbeGroup group, TextSet set, Transfer transfer) {
        OptionalDouble mean = arm.runs().stream()
                .flatMap(run -> run.result().evaluation().probes().stream()
                        .filter(reading -> matches(reading, arm, run, group, set, transfer)))
                .mapToDouble(ProbeReading::accuracy)
                .average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    private static boolean matches(
            ProbeReading reading, Arm arm, Run run, ProbeGroup group, TextSet set, Transfer transfer) {
        TextSet read = arm.isBaseline() && set == TextSet.FIXED ? TextSet.OWN : set; // its own texts are the fixed ones
        return reading.role() == ReportArms.role(group)
                && (reading.set() == set || reading.set() == read)
                && reading.transfer() == transfer
                && arm.indices(group, run).contains(reading.index());
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
