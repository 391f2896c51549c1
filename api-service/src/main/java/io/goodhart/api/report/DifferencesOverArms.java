package io.goodhart.api.report;

import io.goodhart.api.report.Pairing.Paired;
import io.goodhart.api.report.Pairing.Unpaired;
import io.goodhart.api.report.ReportComparison.Basis;
import io.goodhart.api.report.ReportComparison.Difference;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.TrainedAlike;
import io.goodhart.domain.statistics.Holm;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.Normal;
import io.goodhart.domain.statistics.SeedMean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Differences of each quantity over all arms of two reports, with the p-values corrected over the arms. Where both sides read the
 * same units the interval is that of the paired difference, and arms that train alike in both reports share their spread over seeds as
 * they do within a report: s² and r are means over the arms weighted by their degrees of freedom ({@link SeedMean#pooled}), so that A
 * arms with S seeds have ν_seed = A·(S − 1) instead of S − 1. That takes the arms' differences to vary alike from seed to seed, and
 * independently: a 95 % interval of two seeds, which alone covers 90 to 91 % where seeds vary most, then covers 95 % with three arms
 * or six. Where a seed moves all arms alike, these know no more of it than one does, and it covers 89 to 91 %.
 * A rate of one seed has no spread over seeds to share. Elsewhere the interval is that of two independent estimates, from their own
 * intervals ({@link Interval#ofDifference}). Its p is the normal one of the half towards 0, so that it is below 1 − level iff the interval
 * excludes 0.
 */
final class DifferencesOverArms {
    private final double level;
    private final List<Reading> readings;
    private final Map<Reading, Difference> corrected = new HashMap<>();

    /** @param readings no two of one arm and quantity */
    DifferencesOverArms(double level, List<Reading> readings) {
        this.level = level;
        this.readings = List.copyOf(readings);
        readings.stream()
                .collect(Collectors.groupingBy(Reading::quantity))
                .values()
                .forEach(this::correct);
    }

    /**
     * A pair of arms.
     *
     * @param name of the first
     * @param random whether the signal of either is drawn: they lend no spread
     * @param untrained whether both are the same model, untrained
     */
    record Arm(String name, Optional<TrainedAlike> a, Optional<TrainedAlike> b, boolean random, boolean untrained) {
        boolean trainsLike(Arm other) {
            return a.equals(other.a) && b.equals(other.b);
        }
    }

    /** One quantity of a pair of arms. */
    record Reading(Arm arm, String quantity, Estimate a, Estimate b, Pairing pairing) {}

    /** Of one pair of arms, in the order of the readings. */
    List<Difference> of(String arm) {
        return readings.stream()
                .filter(reading -> reading.arm().name().equals(arm))
                .map(reading -> Objects.requireNonNull(corrected.get(reading)))
                .toList();
    }

    private void correct(List<Reading> family) {
        Map<Reading, Difference> tested = new LinkedHashMap<>();
        for (Reading reading : family) {
            Difference own = difference(reading, family);
            corrected.put(reading, own);
            if (own.p() != null && !isOneAndTheSame(reading)) {
                tested.put(reading, own);
            }
        }
        double[] adjusted = Holm.adjusted(tested.values().stream()
                .mapToDouble(own -> Objects.requireNonNull(own.p()))
                .toArray());
        int next = 0;
        for (Map.Entry<Reading, Difference> one : tested.entrySet()) {
            corrected.put(one.getKey(), one.getValue().adjusted(adjusted[next++]));
        }
    }

    /** What is equal because it is the same thing twice is no test among others. */
    private static boolean isOneAndTheSame(Reading reading) {
        return reading.arm().untrained() && reading.pairing() instanceof Paired paired && paired.isEqual();
    }

    private Difference difference(Reading reading, List<Reading> family) {
        return switch (reading.pairing()) {
            case Unpaired unpaired -> independent(reading, unpaired.why());
            case Paired paired
            when !paired.isMeasured() -> independent(reading, "too few texts of a class, or none varies");
            case Paired paired -> paired(reading, paired.with(pooled(reading, paired.difference(), family)));
        };
    }

    private Difference paired(Reading reading, Paired paired) {
        boolean share = !reading.quantity().startsWith(ReportComparison.PERPLEXITY);
        Optional<Interval> interval = paired.interval(level).map(i -> share ? i.clippedTo(-1, 1) : i);
        OptionalDouble p = paired.p();
        return new Difference(
                reading.quantity(),
                reading.a().value(),
                reading.b().value(),
                paired.difference().mean(),
                interval.map(Interval::lower).orElse(0.0), // where no unit differs at all
                interval.map(Interval::upper).orElse(0.0),
                p.isPresent() ? p.getAsDouble() : null,
                null,
                Basis.PAIRED,
                paired.how());
    }

    private static SeedMean pooled(Reading reading, SeedMean own, List<Reading> family) {
        List<SeedMean> shared = new ArrayList<>();
        for (Reading other : family) {
            boolean lends = other.equals(reading) || !other.arm().random();
            if (lends && other.arm().trainsLike(reading.arm()) && other.pairing() instanceof Paired paired) {
                shared.add(paired.difference());
            }
        }
        return own.pooled(shared);
    }

    private Difference independent(Reading reading, String why) {
        double a = reading.a().value();
        double b = reading.b().value();
        Optional<Interval> interval = interval(reading.b())
                .flatMap(ofB -> interval(reading.a()).map(ofA -> Interval.ofDifference(b, ofB, a, ofA)));
        return new Difference(
                reading.quantity(),
                a,
                b,
                b - a,
                interval.map(Interval::lower).orElse(null),
                interval.map(Interval::upper).orElse(null),
                interval.map(i -> p(b - a, b > a ? b - a - i.lower() : i.upper() - (b - a)))
                        .orElse(null),
                null,
                Basis.INDEPENDENT,
                why);
    }

    private static Optional<Interval> interval(Estimate estimate) {
        return estimate.lower() == null || estimate.upper() == null
                ? Optional.empty()
                : Optional.of(new Interval(estimate.lower(), estimate.upper()));
    }

    private @Nullable Double p(double difference, double half) {
        if (difference == 0) {
            return 1.0;
        }
        return half > 0 ? Double.valueOf(Normal.twoSidedP(difference / half * Normal.critical(level))) : null;
    }
}
