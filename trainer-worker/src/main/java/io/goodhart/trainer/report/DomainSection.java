package io.goodhart.trainer.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.DomainShift;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import io.goodhart.trainer.report.ProbeSection.Compared;
import io.goodhart.trainer.report.ProbeSection.Reading;
import io.goodhart.trainer.report.ProbeSection.What;
import io.goodhart.trainer.report.ReportArms.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Probes on texts of the source that they were fitted on and on texts of another one. Retrained probes are left out: theirs is the
 * trained model's own responses, or they are the refitted ones.
 *
 * @param inDomain the texts of their source
 */
record DomainSection(ProbeSection probes, TextSet inDomain) {
    private static final List<ProbeGroup> GROUPS =
            List.of(ProbeGroup.SEEN, ProbeGroup.TRAIN, ProbeGroup.HELD_OUT, ProbeGroup.REFITTED);

    /** @param readings the arm's, on both sets of texts */
    List<DomainShift> of(Arm arm, List<Reading> readings, Optional<Arm> baseline) {
        List<DomainShift> shifts = new ArrayList<>();
        TextSet other = inDomain == TextSet.FIXED ? TextSet.LABELLED : TextSet.FIXED;
        for (ProbeGroup group : GROUPS) {
            What in = new What(group, inDomain, Transfer.FROZEN);
            What out = new What(group, other, Transfer.FROZEN);
            Optional<ProbeResult> inside = result(readings, in);
            Optional<ProbeResult> outside = result(readings, out);
            if (inside.isPresent() && outside.isPresent()) {
                one(new Sides(arm, in, out, inside.get(), outside.get()), baseline)
                        .ifPresent(shifts::add);
            }
        }
        return shifts;
    }

    /** One group of an arm's probes on both sets. */
    private record Sides(Arm arm, What in, What out, ProbeResult inside, ProbeResult outside) {}

    private static Optional<ProbeResult> result(List<Reading> readings, What what) {
        return readings.stream()
                .map(Reading::result)
                .filter(result -> what.equals(new What(result.group(), result.set(), result.transfer())))
                .findFirst();
    }

    /** Empty if a class is missing in a seed. */
    private Optional<DomainShift> one(Sides sides, Optional<Arm> baseline) {
        Estimate inside = sides.inside().auroc();
        Estimate outside = sides.outside().auroc();
        List<SeedStatistic> in = probes.aucs(sides.arm(), sides.in());
        List<SeedStatistic> out = probes.aucs(sides.arm(), sides.out());
        if (inside == null
                || outside == null
                || in.size() != out.size()
                || in.size() < sides.arm().runs().size()) {
            return Optional.empty();
        }
        return Optional.of(new DomainShift(
                sides.in().group(),
                sides.in().set(),
                sides.out().set(),
                inside,
                outside,
                apart("domain shift " + sides.in().group(), new Part(out, outside), new Part(in, inside), 1),
                byTraining(sides, baseline).orElse(null)));
    }

    private Optional<Estimate> byTraining(Sides sides, Optional<Arm> baseline) {
        Optional<Compared> in = probes.compared(sides.arm(), sides.in(), baseline);
        Optional<Compared> out = probes.compared(sides.arm(), sides.out(), baseline);
        return in.flatMap(inside -> out.map(outside -> apart(
                "domain shift by training " + sides.in().group(),
                new Part(outside.differences(), estimate(sides.outside().againstBaseline())),
                new Part(inside.differences(), estimate(sides.inside().againstBaseline())),
                2)));
    }

    private static @Nullable Estimate estimate(@Nullable Comparison comparison) {
        return comparison == null
                ? null
                : new Estimate(comparison.difference(), comparison.lower(), comparison.upper(), List.of());
    }

    /** One quantity on one set of texts, seed by seed and with its interval. */
    private record Part(
            List<SeedStatistic> bySeed, @Nullable Estimate estimate) {
        Optional<Interval> interval() {
            return estimate == null || estimate.lower() == null || estimate.upper() == null
                    ? Optional.empty()
                    : Optional.of(new Interval(estimate.lower(), estimate.upper()));
        }
    }

    /**
     * a − b, measured on texts of their own; where nothing varies its interval is that of the two intervals.
     *
     * @param most the largest difference that there can be
     */
    private Estimate apart(String reading, Part a, Part b, double most) {
        List<SeedStatistic> differences = IntStream.range(0, a.bySeed().size())
                .mapToObj(s -> a.bySeed().get(s).minusApart(b.bySeed().get(s)))
                .toList();
        SeedMean mean = probes.pool().of(reading, SeedMean.of(differences));
        Optional<Interval> interval = mean.interval(probes.level())
                .or(() -> a.interval()
                        .flatMap(ofA -> b.interval()
                                .map(ofB -> Interval.ofDifference(
                                        ProbeSection.mean(a.bySeed()), ofA, ProbeSection.mean(b.bySeed()), ofB))))
                .map(limits -> limits.clippedTo(-most, most));
        return Estimates.of(mean.mean(), interval, Estimates.bySeed(differences));
    }
}
