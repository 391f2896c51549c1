package io.goodhart.api.report;

import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.AggregationGrid.Cell;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ArmReport.SeedRun;
import io.goodhart.domain.report.Calibration;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.DomainShift;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Resampled;
import io.goodhart.domain.spec.ArmSpec.BestOfN;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every number of a report, one a row (RFC 4180), in full precision. */
final class CsvReport {
    private static final String HEADER = "arm,seed,section,quantity,detail,value,lower,upper";

    private final Report report;
    private final StringBuilder out = new StringBuilder();
    private String arm = "";

    CsvReport(Report report) {
        this.report = report;
    }

    String render() {
        out.append(HEADER).append("\r\n");
        if (report.sweep() != null) {
            report.sweep().auroc().forEach(s -> row("", "sweep", "auroc", "layer " + s.layer(), s.auroc(), null, null));
            report.sweep().facts().forEach((name, value) -> row("", "sweep", name, "", value, null, null));
            row("", "sweep", "layer", "chosen", asNumber(report.sweep().layer()), null, null);
            appendCosines(report.sweep().probes(), report.sweep().cosine());
        }
        report.arms().forEach(this::append);
        if (report.grid() != null) {
            append(report.grid());
        }
        new PublishedNumbers(report).all().forEach(this::append);
        return out.toString();
    }

    private void append(PublishedNumbers.Row published) {
        arm = published.arm();
        row("", "reference", published.quantity(), published.detail(), published.value(), null, null);
    }

    private void append(AggregationGrid grid) {
        arm = "";
        for (Cell cell : grid.cells()) {
            String detail = "%s lambda %s".formatted(cell.aggregation(), Numbers.plain(cell.lambda()));
            row("", "grid", "rate", detail, cell.rate(), null, null);
        }
        for (String aggregation : grid.aggregations()) {
            OptionalDouble mean = grid.mean(aggregation);
            row("", "grid", "mean_rate", aggregation, mean.isPresent() ? mean.getAsDouble() : null, null, null);
        }
    }

    private void appendCosines(List<String> probes, List<List<Double>> cosines) {
        for (int i = 0; i < cosines.size(); i++) {
            for (int j = i + 1; j < cosines.size(); j++) {
                String pair = name(probes, i) + " / " + name(probes, j);
                row("", "sweep", "cosine", pair, cosines.get(i).get(j), null, null);
            }
        }
    }

    private static String name(List<String> probes, int index) {
        return index < probes.size() ? probes.get(index) : String.valueOf(index);
    }

    private void append(ArmReport of) {
        arm = of.name();
        of.runs().forEach(this::append);
        if (of.behaviour() != null) {
            append(of.behaviour());
        }
        of.probes().forEach(probes -> append(of.runs(), probes));
        if (of.domainShift() != null) {
            of.domainShift().forEach(shift -> append(of.runs(), shift));
        }
        of.evasion().forEach(this::append);
        of.perplexity().forEach(perplexity -> append(of.runs(), perplexity));
        of.curves().forEach(this::append);
        if (of.method().equals(BestOfNTable.METHOD)) {
            of.curves().stream().limit(1).forEach(this::appendKlBounds);
        }
        of.training().forEach((name, value) -> row("", "training", name, "last value", value, null, null));
        if (of.pairs() != null) {
            of.pairs().forEach((name, value) -> row("", "pairs", name, "", value, null, null));
        }
    }

    private void append(SeedRun run) {
        String seed = String.valueOf(run.seed());
        row(seed, "behaviour", "prompts", "", (double) run.prompts(), null, null);
        row(seed, "behaviour", "positives", "", (double) run.positives(), null, null);
        row(
                seed,
                "behaviour",
                "rate",
                "",
                run.rate().value(),
                run.rate().lower(),
                run.rate().upper());
        row(seed, "behaviour", "mean_score", "", run.meanScore(), null, null);
        row(seed, "text", "mean_tokens", "", run.meanTokens(), null, null);
        row(seed, "text", "empty", "", (double) run.empty(), null, null);
        row(seed, "text", "repetition", "", run.repetition(), null, null);
    }

    private void append(ArmReport.Behaviour behaviour) {
        estimate("behaviour", "rate", "", behaviour.rate());
        estimate("behaviour", "mean_score", "", behaviour.meanScore());
        comparison("behaviour", "rate", "", behaviour.againstBaseline());
        comparison("behaviour", "rate", "", behaviour.againstControl());
        row("", "text", "mean_tokens", "", behaviour.meanTokens(), null, null);
        row("", "text", "repetition", "", behaviour.repetition(), null, null);
        row("", "text", "empty_share", "", behaviour.emptyShare(), null, null);
    }

    private void append(List<SeedRun> runs, ProbeResult probes) {
        String detail = Stream.of(probes.group(), probes.set(), probes.transfer())
                .map(CsvReport::wireName)
                .collect(Collectors.joining(" "));
        row("", "probes", "probes", detail, (double) probes.probes(), null, null);
        row("", "probes", "texts", detail, (double) probes.texts(), null, null);
        row("", "probes", "positives", detail, (double) probes.positives(), null, null);
        estimate("probes", "auroc", detail, probes.auroc());
        bySeed(runs, "probes", "auroc", detail, probes.auroc());
        appendRanking(runs, detail, probes);
        row("", "probes", "accuracy", detail, probes.accuracy(), null, null);
        row("", "probes", "mean_probability", detail, probes.meanProbability(), null, null);
        comparison("probes", "auroc", detail, probes.againstBaseline());
        comparison("probes", "auroc", detail, probes.againstControl());
    }

    private void appendRanking(List<SeedRun> runs, String detail, ProbeResult probes) {
        Resampled resampled = probes.resampled();
        if (resampled == null) {
            row("", "probes", "average_precision", detail, probes.averagePrecision(), null, null);
            row("", "probes", "tpr_at_fpr_1pct", detail, probes.tprAtFpr1Pct(), null, null);
        } else {
            estimate("probes", "average_precision", detail, resampled.averagePrecision());
            bySeed(runs, "probes", "average_precision", detail, resampled.averagePrecision());
            estimate("probes", "tpr_at_fpr_1pct", detail, resampled.tprAtFpr1Pct());
            bySeed(runs, "probes", "tpr_at_fpr_1pct", detail, resampled.tprAtFpr1Pct());
            comparison("probes", "average_precision", detail, resampled.averagePrecisionAgainstBaseline());
            comparison("probes", "tpr_at_fpr_1pct", detail, resampled.tprAgainstBaseline());
        }
        Calibration calibration = probes.calibration();
        if (calibration != null) {
            row("", "probes", "brier", detail, calibration.brier(), null, null);
            row("", "probes", "ece", detail, calibration.expectedCalibrationError(), null, null);
        }
    }

    private void append(List<SeedRun> runs, DomainShift shift) {
        String group = wireName(shift.group());
        estimate("domain_shift", "auroc_in_domain", group + " " + wireName(shift.in()), shift.inDomain());
        estimate("domain_shift", "auroc_out_of_domain", group + " " + wireName(shift.out()), shift.outOfDomain());
        estimate("domain_shift", "auroc_difference", group, shift.difference());
        bySeed(runs, "domain_shift", "auroc_difference", group, shift.difference());
        estimate("domain_shift", "auroc_difference_by_training", group, shift.byTraining());
        bySeed(runs, "domain_shift", "auroc_difference_by_training", group, shift.byTraining());
    }

    private void append(EvasionReading reading) {
        String detail = wireName(reading.group());
        row("", "evasion", "positives", detail, (double) reading.positives(), null, null);
        row("", "evasion", "on_trained", detail, reading.onTrained(), null, null);
        row("", "evasion", "on_base", detail, reading.onBase(), null, null);
        row("", "evasion", "baseline_responses", detail, reading.baselineResponses(), null, null);
        comparison("evasion", "drift", detail, reading.drift());
        comparison("evasion", "evasion", detail, reading.evasion());
    }

    private void append(List<SeedRun> runs, PerplexityResult perplexity) {
        estimate("perplexity", "per_token", perplexity.corpus(), perplexity.perToken());
        bySeed(runs, "perplexity", "per_token", perplexity.corpus(), perplexity.perToken());
        estimate("perplexity", "per_text", perplexity.corpus(), perplexity.perText());
        bySeed(runs, "perplexity", "per_text", perplexity.corpus(), perplexity.perText());
        estimate("perplexity", "ratio", perplexity.corpus(), perplexity.ratio());
        bySeed(runs, "perplexity", "ratio", perplexity.corpus(), perplexity.ratio());
    }

    private void append(Curve curve) {
        String detail = Stream.of(curve.group(), curve.set(), curve.corpus())
                .filter(Objects::nonNull)
                .map(part -> part instanceof Enum<?> value ? wireName(value) : part.toString())
                .collect(Collectors.joining(" "));
        for (Curve.CurvePoint point : curve.points()) {
            String at = detail.isEmpty() ? "point " + point.point() : detail + " point " + point.point();
            String quantity = wireName(curve.quantity());
            row("", "curve", quantity, at, point.mean(), null, null);
            row("", "curve", quantity + "_lowest_seed", at, point.lower(), null, null); // a range, no interval
            row("", "curve", quantity + "_highest_seed", at, point.upper(), null, null);
            row("", "curve", quantity + "_seeds", at, (double) point.seeds(), null, null);
            row("", "curve", quantity + "_fewest_of_a_class", at, asNumber(point.fewest()), null, null);
        }
    }

    private void appendKlBounds(Curve overN) {
        overN.points()
                .forEach(point -> row(
                        "", "curve", "kl_bound", "point " + point.point(), BestOfN.klBound(point.point()), null, null));
    }

    private void estimate(String section, String quantity, String detail, @Nullable Estimate estimate) {
        if (estimate != null) {
            row("", section, quantity, detail, estimate.value(), estimate.lower(), estimate.upper());
        }
    }

    private void bySeed(
            List<SeedRun> runs, String section, String quantity, String detail, @Nullable Estimate estimate) {
        if (estimate != null && estimate.bySeed().size() == runs.size()) {
            for (int s = 0; s < runs.size(); s++) {
                String seed = String.valueOf(runs.get(s).seed());
                row(seed, section, quantity, detail, estimate.bySeed().get(s), null, null);
            }
        }
    }

    private void comparison(String section, String quantity, String detail, @Nullable Comparison comparison) {
        if (comparison == null) {
            return;
        }
        String against = (detail + " against " + comparison.against()).strip();
        row(
                "",
                section,
                quantity + "_difference",
                against,
                comparison.difference(),
                comparison.lower(),
                comparison.upper());
        row("", section, quantity + "_p", against, comparison.p(), null, null);
        row("", section, quantity + "_p_holm", against, comparison.adjustedP(), null, null);
        row("", section, quantity + "_detectable", against, comparison.detectable(), null, null);
    }

    private void row(
            String seed,
            String section,
            String quantity,
            String detail,
            @Nullable Double value,
            @Nullable Double lower,
            @Nullable Double upper) {
        if (value == null) {
            return;
        }
        out.append(Stream.of(arm, seed, section, quantity, detail, number(value), number(lower), number(upper))
                        .map(CsvReport::quoted)
                        .collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static @Nullable Double asNumber(@Nullable Integer count) {
        return count == null ? null : Double.valueOf(count);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : value.toString();
    }

    /** Quoted where RFC 4180 asks for it; a name that a spreadsheet would run as a formula is made a text. */
    static String quoted(String cell) {
        boolean formula = !cell.isEmpty() && "=+@\t\r".indexOf(cell.charAt(0)) >= 0;
        String text = formula ? "'" + cell : cell;
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
