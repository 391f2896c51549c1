package io.goodhart.trainer.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.EvasionReading.Reading;
import io.goodhart.domain.report.ProbeGroup;
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

    private Optional<EvasionReading> one(Arm arm, ProbeGroup group, Optional<Arm> baseline) {
        List<double[]> trained = new ArrayList<>();
        List<double[]> base = new ArrayList<>();
        List<double[]> baselineOwn = new ArrayList<>();
        for (Run run : arm.runs()) {
            List<Integer> indices = arm.indices(group, run);
            Optional<GroupTexts> own = texts(run, group, indices, TextSet.OWN);
            Optional<GroupTexts> onBase = texts(run, group, indices, TextSet.OWN_ON_BASE);
            if (own.isEmpty() || onBase.isEmpty()) {
                return Optional.empty();
            }
            trained.add(own.get().positivesReadableWith(onBase.get()).meanProbabilities());
            base.add(onBase.get().positivesReadableWith(own.get()).meanProbabilities());
            baseline.flatMap(other -> other.runFor(run.seed()))
                    .flatMap(partner -> texts(partner, group, indices, TextSet.OWN))
                    .map(texts -> texts.positivesReadableWith(texts).meanProbabilities())
                    .ifPresent(baselineOwn::add);
        }
        return arm.runs().isEmpty()
                ? Optional.empty()
                : Optional.of(reading(group, trained, base, baselineOwn, baseline));
    }

    private Optional<GroupTexts> texts(Run run, ProbeGroup group, List<Integer> indices, TextSet set) {
        return GroupTexts.of(run.details(), ReportArms.role(group), indices, set, Transfer.FROZEN, threshold);
    }

    private EvasionReading reading(
            ProbeGroup group,
            List<double[]> trained,
            List<double[]> base,
            List<double[]> baselineOwn,
            Optional<Arm> baseline) {
        int positives = trained.stream().mapToInt(values -> values.length).sum();
        List<SeedStatistic> moved = new ArrayList<>();
        List<SeedStatistic> onBase = new ArrayList<>();
        for (int s = 0; s < trained.size(); s++) {
            if (trained.get(s).length > 0) {
                onBase.add(SeedStatistic.ofMean(base.get(s)));
                moved.add(SeedStatistic.ofMean(trained.get(s)).minus(onBase.getLast()));
            }
        }
        if (moved.isEmpty()) {
            return new EvasionReading(group, 0, null, null, null, null, null, Reading.UNDECIDED);
        }
        SeedMean drift = pool.of("drift of " + group, SeedMean.ofOwnUnits(moved));
        SeedMean read = pool.of("own on base, " + group, SeedMean.ofOwnUnits(onBase));
        Comparison driftComparison =
                Estimates.comparison("the base model on the same texts", drift, level, "paired by text");
        Optional<SeedMean> reference = baselineOwn.stream()
                .filter(values -> values.length > 0)
                .findFirst()
                .map(values -> SeedMean.ofOwnUnits(List.of(SeedStatistic.ofMean(values))));
        Optional<Comparison> evasion = reference.map(mean -> Estimates.comparison(
                baseline.map(Arm::name).orElse(""), read.minusIndependent(mean), level, "independent texts"));
        return new EvasionReading(
                group,
                positives,
                read.mean() + drift.mean(),
                read.mean(),
                reference.map(SeedMean::mean).orElse(null),
                driftComparison,
                evasion.orElse(null),
                positives < fewPositives ? Reading.UNDECIDED : reading(driftComparison, evasion.orElse(null)));
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
