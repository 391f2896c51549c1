package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Calibration;
import io.goodhart.domain.report.DomainShift;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Resampled;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedSet;

/** Tables of what probes read. */
final class ProbeTables {
    private final Report report;

    ProbeTables(Report report) {
        this.report = report;
    }

    /** One row per arm, group and transfer. */
    Table of(TextSet set) {
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            for (ProbeResult probes : arm.probes()) {
                if (probes.set() == set && isShown(probes)) {
                    rows.add(row(arm, probes));
                }
            }
        }
        return new Table(
                "probes-" + set.name().toLowerCase(Locale.ROOT),
                "Probes on " + Words.of(set),
                caption(set)
                        + (set == TextSet.OWN ? " Positives: over all seeds." : " Positives: of one seed.")
                        + " Accuracy: at the thresholds that the probes were calibrated with, frozen ones before training."
                        + " Re-std.: re-standardised. "
                        + ReportTables.MDD,
                2,
                List.of(
                        "arm",
                        "probes",
                        "positives",
                        "AUC",
                        "accuracy",
                        "mean p",
                        "Δ baseline",
                        "p",
                        "MDD",
                        "Δ control"),
                rows);
    }

    private List<String> row(ArmReport arm, ProbeResult probes) {
        return List.of(
                arm.name(),
                name(probes),
                probes.positives() + " / " + probes.texts(),
                probes.auroc() == null ? "undefined" : Numbers.estimate(probes.auroc(), 3),
                Numbers.fixed(probes.accuracy(), 3),
                Numbers.fixed(probes.meanProbability(), 3),
                Numbers.difference(probes.againstBaseline(), 3),
                Numbers.p(probes.againstBaseline()),
                Numbers.detectable(probes.againstBaseline()),
                Numbers.difference(probes.againstControl(), 3)
                        + Words.star(probes.againstControl(), report.rules().level()));
    }

    private static String name(ProbeResult probes) {
        return Words.of(probes.group())
                + switch (probes.transfer()) {
                    case FROZEN -> "";
                    case RE_STANDARDISED -> ", re-std.";
                };
    }

    /** What ranks beyond the AUC, and how far probabilities are off. */
    Table ranking(TextSet set) {
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            for (ProbeResult probes : arm.probes()) {
                if (probes.set() == set && isShown(probes)) {
                    rows.add(ranking(arm, probes));
                }
            }
        }
        return new Table(
                "ranking-" + set.name().toLowerCase(Locale.ROOT),
                "Precision and calibration on " + Words.of(set),
                "AP: average precision. TPR₁%: true-positive rate at a false-positive rate of 1 %. Their intervals and their"
                        + " differences from the baseline are percentiles of a stratified bootstrap. Brier: mean squared error of the"
                        + " probabilities. ECE: expected calibration error, 15 bins.",
                2,
                List.of("arm", "probes", "AP", "Δ AP", "TPR₁%", "Δ TPR₁%", "Brier", "ECE"),
                rows);
    }

    private static List<String> ranking(ArmReport arm, ProbeResult probes) {
        Resampled resampled = probes.resampled();
        Calibration calibration = probes.calibration();
        return List.of(
                arm.name(),
                name(probes),
                resampled == null
                        ? Numbers.fixed(probes.averagePrecision(), 3)
                        : Numbers.estimate(resampled.averagePrecision(), 3),
                Numbers.difference(resampled == null ? null : resampled.averagePrecisionAgainstBaseline(), 3),
                resampled == null
                        ? Numbers.fixed(probes.tprAtFpr1Pct(), 3)
                        : Numbers.estimate(resampled.tprAtFpr1Pct(), 3),
                Numbers.difference(resampled == null ? null : resampled.tprAgainstBaseline(), 3),
                Numbers.fixed(calibration == null ? null : calibration.brier(), 3),
                Numbers.fixed(calibration == null ? null : calibration.expectedCalibrationError(), 3));
    }

    /** A refit has the mean and deviation of what it reads, so re-standardising it says nothing. */
    private static boolean isShown(ProbeResult probes) {
        boolean refitted = probes.group() == ProbeGroup.RETRAINED || probes.group() == ProbeGroup.REFITTED;
        return !(refitted && probes.transfer() == Transfer.RE_STANDARDISED);
    }

    private static String caption(TextSet set) {
        return switch (set) {
            case FIXED ->
                "The untrained model's responses with the scorer's labels, read by every model: only the reader changes."
                        + " Differences by the paired DeLong test over the same texts, p is Holm's over the arms.";
            case OWN ->
                "Each model's own responses with the scorer's labels. Where training made positives rare, the interval is wide"
                        + " and the texts are other texts: read it beside the fixed texts.";
            case LABELLED -> "Texts with labels of their own, read by every model.";
            case OWN_ON_BASE -> "Each model's own responses, read by the untrained model.";
        };
    }

    /** In and out of the probes' domain. */
    Table domainShift() {
        List<List<String>> rows = new ArrayList<>();
        SequencedSet<String> sources = new LinkedHashSet<>();
        for (ArmReport arm : report.arms()) {
            for (DomainShift shift : Objects.requireNonNullElse(arm.domainShift(), List.<DomainShift>of())) {
                sources.add("In domain: the %s, of the source that probes were fitted on. Out of domain: the %s. "
                        .formatted(Words.of(shift.in()), Words.of(shift.out())));
                rows.add(List.of(
                        arm.name(),
                        Words.of(shift.group()),
                        Numbers.estimate(shift.inDomain(), 3),
                        Numbers.estimate(shift.outOfDomain(), 3),
                        Numbers.signed(shift.difference(), 3),
                        Numbers.signed(shift.byTraining(), 3)));
            }
        }
        return new Table(
                "domain-shift",
                "Domain shift",
                String.join("", sources)
                        + "Δ: AUC out of domain minus in domain, read by the same model. The untrained model's Δ is that of the texts and"
                        + " of whose labels they have; by training: Δ minus the untrained model's. Below 0, training cost the probe more"
                        + " out of its domain than in it. Intervals count the texts of both sets and the seeds.",
                2,
                List.of("arm", "probes", "AUC in domain", "AUC out of domain", "Δ", "by training"),
                rows);
    }

    /** Drift or evasion. */
    Table evasion() {
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            for (EvasionReading reading : arm.evasion()) {
                rows.add(List.of(
                        arm.name(),
                        Words.of(reading.group()),
                        String.valueOf(reading.positives()),
                        Numbers.fixed(reading.baselineResponses(), 3),
                        Numbers.fixed(reading.onBase(), 3),
                        Numbers.fixed(reading.onTrained(), 3),
                        Numbers.difference(reading.evasion(), 3),
                        Numbers.difference(reading.drift(), 3),
                        Words.of(reading.reading())));
            }
        }
        return new Table(
                "evasion",
                "Drift or evasion?",
                "Mean probability that probes give to responses which the scorer calls positive. The same own text is read by the"
                        + " trained and by the base model: if the base model fires and the trained one does not, activations"
                        + " drifted; if both are more silent than on the base model's own positives, the texts evade.",
                2,
                List.of(
                        "arm",
                        "probes",
                        "positives",
                        "base's own",
                        "own, on base",
                        "own, on trained",
                        "Δ texts",
                        "Δ activations",
                        "reading"),
                rows);
    }
}
