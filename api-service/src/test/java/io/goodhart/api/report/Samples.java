package io.goodhart.api.report;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
                arms,
                r.warnings());
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
                List.of(),
                List.of());
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
                arms,
                List.of(warning));
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
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
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
                a.evasion(),
                a.perplexity(),
                a.curves(),
                a.training(),
                a.pairs(),
                a.verdict());
    }
}
