package io.goodhart.api.report;

import io.goodhart.api.report.ReportComparison.ArmPair;
import io.goodhart.api.report.ReportComparison.Difference;
import io.goodhart.api.report.ReportComparison.Match;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Matches the arms of two reports, by name or else by equal specification, and subtracts what they measured. The interval of a
 * difference is that of two independent estimates, from their own intervals (l, u) by the method of variance estimates recovery:
 * lower = b − a − √((b − l_b)² + (u_a − a)²) and the mirror image above. Zou and Donner 2008, Statistics in Medicine 27, p. 1693.
 */
public final class ComparedArms {
    private final Report a;
    private final Report b;
    private final Map<String, ArmSpec> specsOfA;
    private final Map<String, ArmSpec> specsOfB;

    public ComparedArms(Report a, ExperimentSpec specOfA, Report b, ExperimentSpec specOfB) {
        this.a = a;
        this.b = b;
        this.specsOfA = complete(specOfA);
        this.specsOfB = complete(specOfB);
    }

    private static Map<String, ArmSpec> complete(ExperimentSpec spec) {
        Map<String, ArmSpec> arms = new LinkedHashMap<>();
        spec.arms().forEach((name, arm) -> arms.put(name, arm.over(spec.training())));
        return arms;
    }

    /** In the order of the first report's arms. */
    public List<ArmPair> pairs() {
        List<ArmPair> pairs = new ArrayList<>();
        for (ArmReport arm : a.arms()) {
            partner(arm, pairs).ifPresent(other -> {
                Match match = arm.name().equals(other.name()) ? Match.NAME : Match.SPECIFICATION;
                pairs.add(new ArmPair(arm.name(), other.name(), match, differences(arm, other)));
            });
        }
        return pairs;
    }

    private Optional<ArmReport> partner(ArmReport arm, List<ArmPair> taken) {
        return b.arm(arm.name())
                .or(() -> b.arms().stream()
                        .filter(other -> a.arm(other.name()).isEmpty())
                        .filter(other ->
                                taken.stream().noneMatch(pair -> pair.b().equals(other.name())))
                        .filter(other -> specsOfA.containsKey(arm.name())
                                && specsOfA.get(arm.name()).equals(specsOfB.get(other.name())))
                        .findFirst());
    }

    private List<Difference> differences(ArmReport one, ArmReport other) {
        List<Difference> differences = new ArrayList<>();
        add(differences, "rate", ReportTables.rate(one), ReportTables.rate(other));
        for (TextSet set : List.of(TextSet.FIXED, TextSet.OWN)) {
            for (ProbeGroup group : ProbeGroup.values()) {
                add(
                        differences,
                        "AUC " + Words.of(group) + ", " + Words.of(set),
                        ReportTables.auroc(one, group, set),
                        ReportTables.auroc(other, group, set));
            }
        }
        one.perplexity()
                .forEach(result -> add(
                        differences,
                        "PPL " + result.corpus(),
                        result.perToken(),
                        other.perplexity().stream()
                                .filter(of -> of.corpus().equals(result.corpus()))
                                .findFirst()
                                .map(of -> of.perToken())
                                .orElse(null)));
        return differences;
    }

    private static void add(
            List<Difference> differences, String quantity, @Nullable Estimate first, @Nullable Estimate second) {
        if (first != null && second != null) {
            differences.add(difference(quantity, first, second));
        }
    }

    static Difference difference(String quantity, Estimate first, Estimate second) {
        double difference = second.value() - first.value();
        Double lower = null;
        Double upper = null;
        if (first.lower() != null && first.upper() != null && second.lower() != null && second.upper() != null) {
            lower = difference - Math.hypot(second.value() - second.lower(), first.upper() - first.value());
            upper = difference + Math.hypot(second.upper() - second.value(), first.value() - first.lower());
        }
        return new Difference(quantity, first.value(), second.value(), difference, lower, upper);
    }

    /** Why numbers of the two may not be comparable. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (a.provenance().model() != null
                && !a.provenance().model().equals(b.provenance().model())) {
            warnings.add("The models differ.");
        }
        if (!a.behaviour().equals(b.behaviour()) || a.threshold() != b.threshold()) {
            warnings.add("The behaviours or their thresholds differ: rates and labels do not mean the same.");
        }
        if (a.provenance().scorer() != null
                && !a.provenance().scorer().equals(b.provenance().scorer())) {
            warnings.add("The scorers differ: rates and labels do not mean the same.");
        }
        if (!a.provenance().datasets().equals(b.provenance().datasets())) {
            warnings.add("The data files differ: the prompts and texts are others.");
        }
        if (!a.provenance().versions().equals(b.provenance().versions())) {
            warnings.add("The versions of the program's numerics differ.");
        }
        if (!a.seeds().equals(b.seeds())) {
            warnings.add("The seeds differ.");
        }
        return warnings;
    }
}
