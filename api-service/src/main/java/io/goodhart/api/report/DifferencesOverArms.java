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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Differences of each quantity over all arms of two reports, with the p-values corrected over the arms. Where both sides read the
 * same units the interval is that of the paired difference, and arms that train alike share their spread over seeds as they do
 * within a report. Elsewhere it is that of two independent estimates, from their own intervals (l, u) by the method of variance
 * estimates recovery: lower = b − a − √((b − l_b)² + (u_a − a)²) and the mirror image above. Zou and Donner 2008, Statistics in
 * Medicine 27, p. 1693. Its p is the normal one of the half towards 0, so that it is below 1 − level iff the interval excludes 0.
 */
final class DifferencesOverArms {
    private final double level;
    private final List<Reading> readings = new ArrayList<>();

    DifferencesOverArms(double level) {
        this.level = level;
    }

    /**
     * A pair of arms.
     *
     * @param name of the first
     * @param random whether its signal is drawn: it lends no spread
     */
    record Arm(String name, Optional<TrainedAlike> a, Optional<TrainedAlike> b, boolean random) {
        boolean trainsLike(Arm other) {
            return a.equals(other.a) && b.equals(other.b);
        }
    }

    /** One quantity of a pair of arms. */
    record Reading(Arm arm, String quantity, Estimate a, Estimate b, Pairing pairing) {}

    void add(Reading reading) {
        readings.add(reading);
    }

    /** Of one pair of arms, in the order in which they were added. */
    List<Difference> of(String arm) {
        return readings.stream()
                .filter(reading -> reading.arm().name().equals(arm))
                .map(this::corrected)
                .toList();
    }

    private Difference corrected(Reading reading) {
        Map<String, Difference> family = new LinkedHashMap<>();
        readings.stream()
                .filter(other -> other.quantity().equals(reading.quantity()))
                .forEach(other -> family.put(other.arm().name(), difference(other)));
        List<String> tested = family.entrySet().stream()
                .filter(entry -> entry.getValue().p() != null)
                .map(Map.Entry::getKey)
                .toList();
        double[] corrected = Holm.adjusted(tested.stream()
                .mapToDouble(arm -> Objects.requireNonNull(
                        Objects.requireNonNull(family.get(arm)).p()))
                .toArray());
        Difference own = Objects.requireNonNull(family.get(reading.arm().name()));
        int place = tested.indexOf(reading.arm().name());
        return place < 0 ? own : own.adjusted(corrected[place]);
    }

    private Difference difference(Reading reading) {
        return switch (reading.pairing()) {
            case Unpaired unpaired -> independent(reading, unpaired.why());
            case Paired paired
            when !paired.isMeasured() -> independent(reading, "too few texts of a class, or none varies");
            case Paired paired -> paired(reading, paired);
        };
    }

    private Difference paired(Reading reading, Paired paired) {
        SeedMean mean = pooled(reading, paired.difference());
        Optional<Interval> interval = mean.interval(level);
        boolean share = !reading.quantity().startsWith(ReportComparison.PERPLEXITY);
        if (share) {
            interval = interval.map(i -> i.clippedTo(-1, 1));
        }
        return new Difference(
                reading.quantity(),
                reading.a().value(),
                reading.b().value(),
                mean.mean(),
                interval.map(Interval::lower).orElse(0.0), // where no unit differs at all
                interval.map(Interval::upper).orElse(0.0),
                mean.p().orElseThrow(),
                null,
                Basis.PAIRED,
                paired.how());
    }

    private SeedMean pooled(Reading reading, SeedMean own) {
        List<SeedMean> family = new ArrayList<>();
        for (Reading other : readings) {
            boolean lends = other.equals(reading) || !other.arm().random();
            if (lends
                    && other.quantity().equals(reading.quantity())
                    && other.arm().trainsLike(reading.arm())
                    && other.pairing() instanceof Paired paired) {
                family.add(paired.difference());
            }
        }
        return own.pooled(family);
    }

    private Difference independent(Reading reading, String why) {
        Estimate a = reading.a();
        Estimate b = reading.b();
        double difference = b.value() - a.value();
        Double lower = null;
        Double upper = null;
        Double p = null;
        if (a.lower() != null && a.upper() != null && b.lower() != null && b.upper() != null) {
            lower = difference - Math.hypot(b.value() - b.lower(), a.upper() - a.value());
            upper = difference + Math.hypot(b.upper() - b.value(), a.value() - a.lower());
            p = p(difference, difference > 0 ? difference - lower : upper - difference);
        }
        return new Difference(
                reading.quantity(), a.value(), b.value(), difference, lower, upper, p, null, Basis.INDEPENDENT, why);
    }

    private @Nullable Double p(double difference, double half) {
        if (difference == 0) {
            return 1.0;
        }
        return half > 0 ? Double.valueOf(Normal.twoSidedP(difference / half * Normal.critical(level))) : null;
    }
}
