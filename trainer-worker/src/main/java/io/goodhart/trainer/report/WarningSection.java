package io.goodhart.trainer.report;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ArmReport.Behaviour;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Rules;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.report.Warning.Code;
import io.goodhart.trainer.artifact.TrainingSummary;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import io.goodhart.trainer.report.ReportInputs.RunKey;
import io.goodhart.trainer.report.ReportInputs.Unmeasured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a reader must know before believing a number. */
final class WarningSection {
    /** A share of repeated bigrams above this, and three times the baseline's, is no ordinary text. */
    private static final double REPETITION = 0.1;

    private static final double REPETITION_RATIO = 3;
    private static final double SHORTEST = 0.5;
    private static final double LONGEST = 2;
    private static final double MORE_EMPTY = 0.1;
    private static final double PERPLEXITY_RATIO = 2;
    private static final double CHANCE = 0.5;

    private final Rules rules;
    private final Map<RunKey, Unmeasured> unmeasured;
    private final SequencedSet<Warning> warnings = new LinkedHashSet<>();

    WarningSection(Rules rules, Map<RunKey, Unmeasured> unmeasured) {
        this.rules = rules;
        this.unmeasured = unmeasured;
    }

    List<Warning> of(ReportArms arms, List<ArmReport> reports, List<Long> seeds) {
        Optional<ArmReport> baseline = reports.stream()
                .filter(arm -> arm.kind() == ArmReport.Kind.BASELINE)
                .findFirst();
        if (baseline.isEmpty()) {
            warn(Code.NOT_MEASURED, null, "There is no untrained baseline, so no arm can be judged.");
        }
        if (seeds.size() == 1) {
            warn(Code.SINGLE_SEED, null, "One seed: what another training would have given is not measured.");
        }
        for (int i = 0; i < reports.size(); i++) {
            Arm arm = arms.all().get(i);
            ArmReport report = reports.get(i);
            missing(arm, report, seeds);
            identical(arm);
            retrained(arm, arms.baseline());
            positives(report);
            truncated(report);
            controls(report);
            baseline.ifPresent(base -> degenerate(report, base));
            if (report.kind() == ArmReport.Kind.TREATMENT && report.control() == null) {
                warn(
                        Code.NO_CONTROL,
                        report.name(),
                        "no arm has the same training without the signal, so its effect and the training's cannot be told apart.");
            }
        }
        return List.copyOf(warnings);
    }

    private void missing(Arm arm, ArmReport report, List<Long> seeds) {
        if (!arm.spec().trains()) {
            if (arm.runs().isEmpty()) {
                warn(Code.NOT_MEASURED, report.name(), "no run was evaluated.");
            }
            return;
        }
        Map<Unmeasured, List<Long>> missing = seeds.stream()
                .filter(seed -> arm.runs().stream().noneMatch(run -> run.seed() == seed))
                .collect(Collectors.groupingBy(
                        seed -> unmeasured.getOrDefault(new RunKey(arm.name(), seed), Unmeasured.DIVERGED),
                        TreeMap::new,
                        Collectors.toList()));
        String evaluated =
                "so %d of %d seeds were evaluated".formatted(arm.runs().size(), seeds.size());
        missing.forEach((why, lacking) -> warn(
                why == Unmeasured.NO_PAIRS ? Code.NOT_MEASURED : Code.DIVERGED,
                report.name(),
                sentence(why).formatted(seeds(lacking), evaluated)));
        List<Long> gaps = arm.runs().stream()
                .filter(run -> hasGap(run.result().points().keySet()))
                .map(Run::seed)
                .toList();
        if (!gaps.isEmpty()) {
            warn(
                    Code.NOT_MEASURED,
                    report.name(),
                    "an evaluation during the training of %s failed; its curve lacks the point."
                            .formatted(seeds(gaps)));
        }
    }

    private static String sentence(Unmeasured why) {
        return switch (why) {
            case DIVERGED -> "the training of %s diverged, %s; try a smaller learning rate.";
            case NOT_FINITE ->
                "the trained model of %s computes numbers that are not finite and cannot be measured, %s; try a smaller learning rate.";
            case NO_PAIRS ->
                "no pair was left to train %s on, %s; take more prompts or responses, a smaller margin, or other ties.";
        };
    }

    private static boolean hasGap(Set<Integer> points) {
        return !points.isEmpty() && Collections.max(points) >= points.size();
    }

    private static String seeds(List<Long> seeds) {
        return (seeds.size() == 1 ? "seed " : "seeds ")
                + seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Probes are retrained on own responses; where training took a class from them, none can be. */
    private void retrained(Arm arm, Optional<Arm> baseline) {
        boolean wanted = baseline.stream()
                .flatMap(other -> other.runs().stream())
                .anyMatch(run -> !run.details().indices(ProbeRole.RETRAINED).isEmpty());
        List<Long> lacking = arm.runs().stream()
                .filter(run -> run.details().indices(ProbeRole.RETRAINED).isEmpty())
                .map(Run::seed)
                .toList();
        if (wanted && !lacking.isEmpty()) {
            warn(
                    Code.NOT_MEASURED,
                    arm.name(),
                    "no probe could be retrained for %s: own responses of the prompts that are set apart for it lack a class."
                            .formatted(seeds(lacking)));
        }
    }

    private void identical(Arm arm) {
        for (int i = 1; i < arm.runs().size(); i++) {
            if (arm.runs().get(i).details().sameAs(arm.runs().getFirst().details())) {
                warn(
                        Code.IDENTICAL_SEEDS,
                        arm.name(),
                        "seeds %d and %d gave identical numbers: they are not two measurements."
                                .formatted(
                                        arm.runs().getFirst().seed(),
                                        arm.runs().get(i).seed()));
            }
        }
    }

    private void truncated(ArmReport report) {
        Double rows = report.training().get(TrainingSummary.TRUNCATED);
        if (rows != null && rows > 0) {
            warn(
                    Code.TRUNCATED,
                    report.name(),
                    "%.0f pairs or texts were cut to the longest sequence: training saw no end of them."
                            .formatted(rows));
        }
    }

    private void positives(ArmReport report) {
        for (TextSet set : TextSet.values()) {
            List<ProbeResult> frozen = report.probes().stream()
                    .filter(probes -> probes.set() == set && probes.transfer() == Transfer.FROZEN)
                    .toList();
            Optional<ProbeResult> any = frozen.stream().findFirst();
            if (any.isEmpty()) {
                continue;
            }
            int rarer = Math.min(
                    any.get().positives(), any.get().texts() - any.get().positives());
            int perSeed = set == TextSet.OWN ? rarer / Math.max(1, report.runs().size()) : rarer;
            String of = set.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            if (frozen.stream().anyMatch(probes -> probes.auroc() == null)) {
                warn(
                        Code.UNDEFINED_AUC,
                        report.name(),
                        "%s texts lack a class (%d positive of %d): their AUC is undefined and not shown."
                                .formatted(of, any.get().positives(), any.get().texts()));
            } else if (perSeed < rules.fewPositives()) {
                warn(
                        Code.FEW_POSITIVES,
                        report.name(),
                        "about %d %s texts of the rarer class a seed: their AUC is rough.".formatted(perSeed, of));
            }
        }
    }

    /** Shuffled labels teach nothing: where their probe ranks an untrained model's texts, labels came in another way. */
    private void controls(ArmReport report) {
        if (report.kind() != ArmReport.Kind.BASELINE) {
            return;
        }
        for (ProbeResult probes : report.probes()) {
            Estimate auroc = probes.auroc();
            boolean control = probes.group() == ProbeGroup.CONTROL && probes.transfer() == Transfer.FROZEN;
            if (control && auroc != null && auroc.lower() != null && auroc.lower() > CHANCE) {
                warn(
                        Code.CONTROL_PROBE_READS,
                        report.name(),
                        String.format(
                                Locale.ROOT,
                                "probes fitted on shuffled labels have an AUC of %.2f (from %.2f) on %s texts: labels leak into what they read, or their few examples fell so; fit more of them.",
                                auroc.value(),
                                auroc.lower(),
                                probes.set().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
            }
        }
    }

    private void degenerate(ArmReport report, ArmReport baseline) {
        Behaviour now = report.behaviour();
        Behaviour before = baseline.behaviour();
        if (now == null || before == null || report.kind() == ArmReport.Kind.BASELINE) {
            return;
        }
        List<String> signs = new ArrayList<>();
        if (now.repetition() > REPETITION && now.repetition() > REPETITION_RATIO * before.repetition()) {
            signs.add("repetition %s → %s".formatted(percent(before.repetition()), percent(now.repetition())));
        }
        if (now.meanTokens() < SHORTEST * before.meanTokens() || now.meanTokens() > LONGEST * before.meanTokens()) {
            signs.add(String.format(Locale.ROOT, "length %.1f → %.1f tokens", before.meanTokens(), now.meanTokens()));
        }
        if (now.emptyShare() > before.emptyShare() + MORE_EMPTY) {
            signs.add("empty responses %s → %s".formatted(percent(before.emptyShare()), percent(now.emptyShare())));
        }
        for (PerplexityResult perplexity : report.perplexity()) {
            if (perplexity.ratio() != null && perplexity.ratio().value() > PERPLEXITY_RATIO) {
                signs.add(String.format(
                        Locale.ROOT,
                        "perplexity of %s × %.1f",
                        perplexity.corpus(),
                        perplexity.ratio().value()));
            }
        }
        if (!signs.isEmpty()) {
            warn(
                    Code.DEGENERATE_TEXT,
                    report.name(),
                    "its responses may be broken text, and its rate with them: " + String.join(", ", signs) + ".");
        }
    }

    private void warn(Code code, @Nullable String arm, String message) {
        warnings.add(new Warning(code, arm, message));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
