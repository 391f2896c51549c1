package io.goodhart.trainer.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.EvasionReading.Reading;
import io.goodhart.domain.report.GroupTexts;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why probes miss positive responses: activations that moved, or texts that look harmless. */
record EvasionSection(double threshold, double level, int fewPositives, double smallest, SeedPool pool) {
    private static final List<ProbeGroup> GROUPS = List.of(ProbeGroup.SEEN, ProbeGroup.TRAIN, ProbeGroup.HELD_OUT);

    List<EvasionReading> of(Arm arm, Optional<Arm> baseline) {
        List<EvasionReading> readings = new ArrayList<>();
        if (!arm.isBaseline()) {
            for (ProbeGroup group : GROUPS) {
                one(arm, group, baseline).ifPresent(readings::add);
            }
        }
        return readings;
    }

    /** One seed: own positive responses as both models read them, and the untrained model's own ones where it was measured. */
    private record Positives(GroupTexts own, GroupTexts onBase, Optional<GroupTexts> baseline) {
        int count() {
            return own.positivesReadableWith(onBase);
        }

        SeedStatistic onBaseMean() {
            return onBase.meanOfPositives(own);
        }

        SeedStatistic drift() {
            return own.meanOfPositives(onBase).minus(onBaseMean());
        }

        Optional<SeedStatistic> baselineMean() {
            return baseline.filter(texts -> texts.positivesReadableWith(texts) > 0)
                    .map(texts -> texts.meanOfPositives(texts));
        }
    }

    private Optional<EvasionReading> one(Arm arm, ProbeGroup group, Optional<Arm> baseline) {
        List<Positives> perSeed = new ArrayList<>();
        for (Run run : arm.runs()) {
            List<Integer> indices = arm.indices(group, run);
            Optional<GroupTexts> own = texts(run, group, indices, TextSet.OWN);
            Optional<GroupTexts> onBase = texts(run, group, indices, TextSet.OWN_ON_BASE);
            if (own.isEmpty() || onBase.isEmpty()) {
                return Optional.empty();
            }
            perSeed.add(new Positives(
                    own.get(),
                    onBase.get(),
                    baseline.flatMap(other -> other.runFor(run.seed()))
                            .flatMap(partner -> texts(partner, group, indices, TextSet.OWN))
                            .filter(texts -> texts.texts() == own.get().texts())));
        }
        return arm.runs().isEmpty() ? Optional.empty() : Optional.of(reading(group, perSeed, baseline));
    }

    private Optional<GroupTexts> texts(Run run, ProbeGroup group, List<Integer> indices, TextSet set) {
        return GroupTexts.of(run.details(), group.role(), indices, set, Transfer.FROZEN, threshold);
    }

    private EvasionReading reading(ProbeGroup group, List<Positives> perSeed, Optional<Arm> baseline) {
        List<Positives> some = perSeed.stream().filter(one -> one.count() > 0).toList();
        if (some.isEmpty()) {
            return new EvasionReading(group, 0, null, null, null, null, null, Reading.UNDECIDED);
        }
        SeedMean drift = pool.of(
                "drift of " + group,
                SeedMean.of(some.stream().map(Positives::drift).toList()));
        SeedMean read = SeedMean.of(some.stream().map(Positives::onBaseMean).toList());
        Comparison driftComparison =
                Estimates.comparison("the base model on the same texts", drift, level, "paired by text, over prompts");
        List<SeedStatistic> evasions = new ArrayList<>();
        some.forEach(one -> one.baselineMean()
                .ifPresent(mean -> evasions.add(one.onBaseMean().minus(mean))));
        Optional<SeedMean> evasion = evasions.size() < some.size()
                ? Optional.empty()
                : Optional.of(pool.of("evasion of " + group, SeedMean.of(evasions)));
        Optional<Comparison> evasionComparison = evasion.map(
                mean -> Estimates.comparison(baseline.map(Arm::name).orElse(""), mean, level, "paired by prompt"));
        boolean few = perSeed.stream().anyMatch(one -> one.count() < fewPositives);
        return new EvasionReading(
                group,
                perSeed.stream().mapToInt(Positives::count).sum(),
                read.mean() + drift.mean(),
                read.mean(),
                evasion.map(mean -> read.mean() - mean.mean()).orElse(null),
                driftComparison,
                evasionComparison.orElse(null),
                few ? Reading.UNDECIDED : reading(driftComparison, evasionComparison.orElse(null)));
    }

    private Reading reading(Comparison drift, @Nullable Comparison evasion) {
        boolean drifted = fell(drift);
        boolean evades = evasion != null && fell(evasion);
        if (drifted) {
            return evades ? Reading.DRIFT_AND_EVASION : Reading.DRIFT;
        }
        return evades ? Reading.EVASION : Reading.NEITHER;
    }

    private boolean fell(Comparison comparison) {
        return comparison.difference() <= -smallest && comparison.upper() != null && comparison.upper() < 0;
    }
}
