package io.goodhart.api.report;

import io.goodhart.api.report.ReportComparison.ArmPair;
import io.goodhart.api.report.ReportComparison.Match;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.TrainedAlike;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Matches the arms of two reports, by name or else by equal specification, and subtracts what they measured. */
public final class ComparedArms {
    private final Side a;
    private final Side b;

    /**
     * One of the two.
     *
     * @param measurements what pairs its texts with the other's
     */
    public record Side(Report report, ExperimentSpec spec, Measurements measurements) {
        /** The arm with all its hyper-parameters. */
        Optional<ArmSpec> arm(String name) {
            return Optional.ofNullable(spec.arms().get(name)).map(arm -> arm.over(spec.training()));
        }
    }

    public ComparedArms(Side a, Side b) {
        this.a = a;
        this.b = b;
    }

    private record Matched(ArmReport a, ArmReport b) {
        Match match() {
            return a.name().equals(b.name()) ? Match.NAME : Match.SPECIFICATION;
        }
    }

    /** In the order of the first report's arms. */
    public List<ArmPair> pairs() {
        List<Matched> matched = matched();
        List<DifferencesOverArms.Reading> readings =
                matched.stream().flatMap(pair -> readings(pair).stream()).toList();
        DifferencesOverArms differences =
                new DifferencesOverArms(a.report().rules().level(), readings);
        return matched.stream()
                .map(pair -> new ArmPair(
                        pair.a().name(),
                        pair.b().name(),
                        pair.match(),
                        differences.of(pair.a().name())))
                .toList();
    }

    private List<Matched> matched() {
        List<Matched> matched = new ArrayList<>();
        for (ArmReport arm : a.report().arms()) {
            partner(arm, matched).ifPresent(other -> matched.add(new Matched(arm, other)));
        }
        return matched;
    }

    private Optional<ArmReport> partner(ArmReport arm, List<Matched> taken) {
        return b.report()
                .arm(arm.name())
                .or(() -> b.report().arms().stream()
                        .filter(other -> a.report().arm(other.name()).isEmpty())
                        .filter(other ->
                                taken.stream().noneMatch(pair -> pair.b().name().equals(other.name())))
                        .filter(other -> a.arm(arm.name()).isPresent()
                                && a.arm(arm.name()).equals(b.arm(other.name())))
                        .findFirst());
    }

    private List<DifferencesOverArms.Reading> readings(Matched pair) {
        List<DifferencesOverArms.Reading> readings = new ArrayList<>();
        PairedRuns runs = PairedRuns.of(pair.a(), a.measurements(), pair.b(), b.measurements());
        DifferencesOverArms.Arm arm = new DifferencesOverArms.Arm(
                pair.a().name(),
                a.arm(pair.a().name()).map(TrainedAlike::of),
                b.arm(pair.b().name()).map(TrainedAlike::of),
                Stream.of(a.arm(pair.a().name()), b.arm(pair.b().name()))
                        .flatMap(Optional::stream)
                        .anyMatch(TrainedAlike::isRandom),
                isTheSameUntrained(pair));
        add(readings, arm, "rate", ReportTables.rate(pair.a()), ReportTables.rate(pair.b()), runs.rate());
        for (ProbeResult probes : pair.a().probes()) {
            probes(pair.b(), probes)
                    .ifPresent(other -> add(
                            readings,
                            arm,
                            "AUC " + Words.of(probes.group()) + ", " + Words.of(probes.set()),
                            probes.auroc(),
                            other.auroc(),
                            runs.auroc(probes, other)));
        }
        for (PerplexityResult result : pair.a().perplexity()) {
            perplexity(pair.b(), result.corpus())
                    .ifPresent(other -> add(
                            readings,
                            arm,
                            ReportComparison.PERPLEXITY + result.corpus(),
                            result.perToken(),
                            other.perToken(),
                            runs.perplexity(result.corpus())));
        }
        return readings;
    }

    private boolean isTheSameUntrained(Matched pair) {
        Object model = a.report().provenance().model();
        return pair.a().kind() == ArmReport.Kind.BASELINE
                && pair.b().kind() == ArmReport.Kind.BASELINE
                && model != null
                && model.equals(b.report().provenance().model());
    }

    private static Optional<ProbeResult> probes(ArmReport arm, ProbeResult like) {
        return arm.probes().stream()
                .filter(probes -> like.transfer() == Transfer.FROZEN
                        && probes.transfer() == Transfer.FROZEN
                        && probes.group() == like.group()
                        && probes.set() == like.set())
                .findFirst();
    }

    private static Optional<PerplexityResult> perplexity(ArmReport arm, String corpus) {
        return arm.perplexity().stream()
                .filter(result -> result.corpus().equals(corpus))
                .findFirst();
    }

    private static void add(
            List<DifferencesOverArms.Reading> readings,
            DifferencesOverArms.Arm arm,
            String quantity,
            @Nullable Estimate first,
            @Nullable Estimate second,
            Pairing pairing) {
        if (first != null && second != null) {
            readings.add(new DifferencesOverArms.Reading(arm, quantity, first, second, pairing));
        }
    }

    /** Why numbers of the two may not be comparable. */
    public List<String> warnings() {
        Map<String, Boolean> differ = new LinkedHashMap<>();
        Report one = a.report();
        Report other = b.report();
        differ.put(
                "The models differ.",
                differs(one.provenance().model(), other.provenance().model()));
        differ.put(
                "The behaviours or their thresholds differ: rates and labels do not mean the same.",
                !one.behaviour().equals(other.behaviour()) || one.threshold() != other.threshold());
        differ.put(
                "The scorers differ: rates and labels do not mean the same.",
                differs(one.provenance().scorer(), other.provenance().scorer()));
        differ.put(
                "The data files differ: the prompts and texts are others.",
                !one.provenance().datasets().equals(other.provenance().datasets()));
        differ.put(
                "The versions of the program's numerics differ.",
                !one.provenance().versions().equals(other.provenance().versions()));
        differ.put("The seeds differ.", !one.seeds().equals(other.seeds()));
        return differ.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean differs(@Nullable Object one, @Nullable Object other) {
        return one != null && !Objects.equals(one, other);
    }
}
