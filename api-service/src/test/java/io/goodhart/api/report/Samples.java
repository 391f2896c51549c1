package io.goodhart.api.report;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.AggregationGrid.Cell;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.DomainShift;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.RunLink;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceSpec;
import io.goodhart.domain.state.ExperimentState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A report of an experiment with eight arms and three seeds, made from drawn numbers. */
final class Samples {
    private Samples() {}

    static Report report() {
        try (InputStream json =
                Objects.requireNonNull(Samples.class.getResourceAsStream("sample-report.json"), "sample-report.json")) {
            return GoodhartJson.read(Report.class, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sample with another title, and with its second arm under another name. */
    static Report named(String title, String arm) {
        Report r = report();
        List<ArmReport> arms = r.arms().stream()
                .map(a -> a.equals(r.arms().get(1)) ? renamed(a, arm) : a)
                .toList();
        return new Report(
                r.reportVersion(),
                title,
                r.behaviour(),
                r.threshold(),
                r.seeds(),
                r.provenance(),
                r.rules(),
                r.sweep(),
                r.grid(),
                arms,
                r.warnings(),
                null,
                null);
    }

    /** The sample as if two of its arms were in the paper's table 3, beside two that it lacks. */
    static Report withGrid() {
        Report r = report();
        AggregationGrid grid = new AggregationGrid(List.of(
                new Cell("average", 1, 0.36),
                new Cell("average", 1000, 0.38),
                new Cell("timed_switch", 1, 0.37),
                new Cell("timed_switch", 1000, null)));
        ArmReport probeSft = r.arm("probe-sft").orElseThrow();
        List<ArmReport> arms = new ArrayList<>(r.arms());
        arms.add(renamed(probeSft, "average-1000"));
        ReferenceSpec reference = new ReferenceSpec(
                "Table 3 of a paper",
                Map.of("probe-sft", rate(0.4), "average-1000", rate(0.5), "sft", rate(0.41)),
                null);
        return new Report(
                r.reportVersion(),
                r.title(),
                r.behaviour(),
                r.threshold(),
                r.seeds(),
                r.provenance(),
                r.rules(),
                r.sweep(),
                grid,
                arms,
                r.warnings(),
                reference,
                null);
    }

    private static ReferenceNumbers rate(double rate) {
        return new ReferenceNumbers(rate, null, null, null, Map.of(), null);
    }

    /** The sample without arms. */
    static Report empty() {
        Report r = report();
        return new Report(
                r.reportVersion(),
                r.title(),
                r.behaviour(),
                r.threshold(),
                r.seeds(),
                r.provenance(),
                r.rules(),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null);
    }

    /** The sample with runs to link to, one of them failed, and published numbers. */
    static Report linked() {
        Report r = report();
        String trained = r.arms().get(1).name();
        List<RunLink> runs = new ArrayList<>();
        for (ArmReport arm : r.arms()) {
            for (ArmReport.SeedRun run : arm.runs()) {
                runs.add(new RunLink(
                        arm.name(),
                        run.seed(),
                        UUID.nameUUIDFromBytes((arm.name() + run.seed()).getBytes(StandardCharsets.UTF_8)),
                        ExperimentState.SUCCEEDED,
                        null,
                        Map.of("final", new ArtifactId(Hashes.sha256(arm.name() + run.seed())))));
            }
        }
        runs.add(new RunLink(
                trained, 9, new UUID(1, 9), ExperimentState.FAILED, "train, seed 9: the loss is NaN", Map.of()));
        ReferenceNumbers numbers = new ReferenceNumbers(0.11, null, 0.866, 0.77, Map.of("wikitext", 37.18), null);
        return r.shownWith(new ReferenceSpec("Table 1 of <a paper>", Map.of(trained, numbers), null), runs);
    }

    /** The sample whose second arm chose the best of up to eight responses. */
    static Report withBestOfN() {
        Report r = report();
        return of(r.arms().stream()
                .map(a -> a.equals(r.arms().get(1)) ? bestOfN(a) : a)
                .toList());
    }

    private static ArmReport bestOfN(ArmReport a) {
        List<Curve> curves = List.of(
                new Curve(Quantity.RATE, null, null, null, points(0.4, 0.3, 0.22, 0.15)),
                new Curve(Quantity.MEAN_SCORE, null, null, null, points(0.42, 0.33, 0.25, 0.19)),
                new Curve(Quantity.AUROC, ProbeGroup.TRAIN, TextSet.OWN, null, points(0.81, 0.74, 0.7, 0.65)),
                new Curve(Quantity.AUROC, ProbeGroup.HELD_OUT, TextSet.OWN, null, points(0.8, 0.76, 0.75, 0.74)));
        return new ArmReport(
                "best-of-8",
                "best_of_n",
                "the best of 8",
                a.kind(),
                null,
                a.runs(),
                a.behaviour(),
                a.probes(),
                a.domainShift(),
                a.evasion(),
                a.perplexity(),
                curves,
                Map.of("kl/bound", 1.2044),
                null,
                a.verdict());
    }

    private static List<Curve.CurvePoint> points(double... means) {
        return IntStream.range(0, means.length)
                .mapToObj(i ->
                        new Curve.CurvePoint(1 << i, means[i], means[i] - 0.01, means[i] + 0.01, 3, i == 3 ? 12 : 40))
                .toList();
    }

    /** The sample as it is when every training of its second arm diverged. */
    static Report diverged() {
        Report r = report();
        ArmReport lost = r.arms().get(1);
        List<ArmReport> arms =
                r.arms().stream().map(a -> a.equals(lost) ? withoutRuns(a) : a).toList();
        Warning warning = new Warning(Warning.Code.DIVERGED, lost.name(), "the training diverged.");
        return new Report(
                r.reportVersion(),
                r.title(),
                r.behaviour(),
                r.threshold(),
                r.seeds(),
                r.provenance(),
                r.rules(),
                r.sweep(),
                r.grid(),
                arms,
                List.of(warning),
                null,
                null);
    }

    private static ArmReport withoutRuns(ArmReport a) {
        return new ArmReport(
                a.name(),
                a.method(),
                a.description(),
                a.kind(),
                a.control(),
                List.of(),
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                a.pairs(),
                a.verdict());
    }

    /** The sample with its first two arms' held-out probes in and out of their domain. */
    static Report withDomainShift() {
        Report r = report();
        Estimate in = estimate(0.81, 0.75, 0.87);
        DomainShift before = heldOut(in, estimate(0.7, 0.66, 0.74), estimate(-0.11, -0.18, -0.04), null);
        DomainShift after =
                heldOut(in, estimate(0.65, 0.6, 0.7), estimate(-0.16, -0.24, -0.08), estimate(-0.05, -0.08, -0.02));
        List<ArmReport> arms = new ArrayList<>(r.arms());
        arms.set(0, shifted(arms.get(0), before));
        arms.set(1, shifted(arms.get(1), after));
        return of(arms);
    }

    /** The sample with other arms. */
    static Report of(List<ArmReport> arms) {
        Report r = report();
        return new Report(
                r.reportVersion(),
                r.title(),
                r.behaviour(),
                r.threshold(),
                r.seeds(),
                r.provenance(),
                r.rules(),
                r.sweep(),
                r.grid(),
                arms,
                r.warnings(),
                null,
                null);
    }

    private static DomainShift heldOut(Estimate in, Estimate out, Estimate difference, @Nullable Estimate byTraining) {
        return new DomainShift(ProbeGroup.HELD_OUT, TextSet.FIXED, TextSet.LABELLED, in, out, difference, byTraining);
    }

    private static Estimate estimate(double value, double lower, double upper) {
        return new Estimate(value, lower, upper, List.of());
    }

    private static ArmReport shifted(ArmReport a, DomainShift shift) {
        return new ArmReport(
                a.name(),
                a.method(),
                a.description(),
                a.kind(),
                a.control(),
                a.runs(),
                a.behaviour(),
                a.probes(),
                List.of(shift),
                a.evasion(),
                a.perplexity(),
                a.curves(),
                a.training(),
                a.pairs(),
                a.verdict());
    }

    /** The arm with other curves. */
    static ArmReport withCurves(ArmReport a, List<Curve> curves) {
        return new ArmReport(
                a.name(),
                a.method(),
                a.description(),
                a.kind(),
                a.control(),
                a.runs(),
                a.behaviour(),
                a.probes(),
                a.domainShift(),
                a.evasion(),
                a.perplexity(),
                curves,
                a.training(),
                a.pairs(),
                a.verdict());
    }

    private static ArmReport renamed(ArmReport a, String name) {
        return new ArmReport(
                name,
                a.method(),
                a.description(),
                a.kind(),
                a.control(),
                a.runs(),
                a.behaviour(),
                a.probes(),
                a.domainShift(),
                a.evasion(),
                a.perplexity(),
                a.curves(),
                a.training(),
                a.pairs(),
                a.verdict());
    }
}
