package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** The report's tables, one set for every form. */
final class ReportTables {
    static final String COMPACT_CAPTION = "Rate: share of responses that show the behaviour. AUC: on the fixed texts,"
            + " which every model reads. * differs from the baseline after Holm's correction. ‡ needs a new threshold.";

    static final String MDD =
            "MDD: smallest true difference from the baseline that the comparison finds with 80 % power.";

    private static final String REFERENCE = "reference";

    private final Report report;
    private final String level;

    ReportTables(Report report) {
        this.report = report;
        this.level = Numbers.percent(report.rules().level(), 0);
    }

    /** All tables that have something to show. */
    List<Table> all() {
        List<Table> tables = new ArrayList<>();
        tables.add(main());
        tables.add(new OwnResponsesTable(report).table());
        tables.add(behaviour());
        for (TextSet set : List.of(TextSet.FIXED, TextSet.OWN, TextSet.LABELLED)) {
            tables.add(new ProbeTables(report).of(set));
            tables.add(new ProbeTables(report).ranking(set));
        }
        tables.add(new ProbeTables(report).domainShift());
        tables.add(new ProbeTables(report).evasion());
        tables.add(perplexity());
        new GridTable(report).table().ifPresent(tables::add);
        tables.add(new BestOfNTable(report).table());
        tables.add(texts());
        tables.add(new TrainingTables(report).pairs());
        tables.add(new TrainingTables(report).training());
        tables.addAll(new CurveTables(report).all());
        tables.add(new SweepTables(report).layers());
        tables.add(new SweepTables(report).cosines());
        RunTable runs = new RunTable(report);
        List<Table> linked = new ArrayList<>(
                tables.stream().map(table -> table.linked(runs.anchors())).toList());
        linked.add(runs.table());
        return linked.stream()
                .filter(table -> !table.rows().isEmpty())
                .map(Table::withoutEmptyColumns)
                .toList();
    }

    /** The answer: rates, probes on texts that every model reads, perplexities, verdicts. */
    Table main() {
        List<String> columns = new ArrayList<>(List.of("arm", "rate"));
        groups().forEach(group -> columns.add("AUC " + Words.of(group)));
        corpora().forEach(corpus -> columns.add("PPL " + corpus));
        columns.add("verdict");
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            List<String> row = new ArrayList<>();
            row.add(arm.name());
            row.add(Numbers.estimate(rate(arm), 2));
            for (ProbeGroup group : groups()) {
                row.add(Numbers.estimate(auroc(arm, group, TextSet.FIXED), 2));
            }
            corpora().forEach(corpus -> row.add(Numbers.compact(perToken(arm, corpus))));
            row.add(arm.verdict() == null ? REFERENCE : Words.of(arm.verdict()));
            rows.add(row);
        }
        return new Table(
                "main",
                "Did the probes survive?",
                "Final evaluation, mean over seeds with %s intervals. Rate: share of own responses with a score of at least %s."
                                .formatted(level, report.threshold())
                        + " AUC: on the fixed texts, the untrained model's responses, which every model reads; mean over the"
                        + " probes of a role; seen: those that training saw, where they are not all; "
                        + fittedAnew()
                        + " PPL: perplexity per token.",
                columns,
                rows);
    }

    private String fittedAnew() {
        ProbeSweep sweep = report.sweep();
        ProbeSweep.LabelledSource labelled = sweep == null ? null : sweep.labelled();
        return labelled == null
                ? "retrained: fitted anew on own responses; refit: fitted anew on shared texts."
                : "retrained and refit: fitted anew, as each model reads them, on further texts of %s with the labels in “%s”, as all probes are."
                        .formatted(labelled.dataset().path(), labelled.label());
    }

    /** Few columns, for a terminal. */
    Table compact() {
        List<String> columns = new ArrayList<>(List.of("arm", "rate"));
        groups().forEach(group -> columns.add(columns.size() == 2 ? "AUC " + Words.of(group) : Words.of(group)));
        corpora().stream().limit(1).forEach(corpus -> columns.add("PPL " + TerminalReport.shortened(corpus)));
        columns.add("verdict");
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            List<String> row = new ArrayList<>();
            row.add(TerminalReport.shortened(arm.name()));
            row.add(Numbers.estimate(rate(arm), 2) + starOr(behaviourDifference(arm)));
            for (ProbeGroup group : groups()) {
                Optional<ProbeResult> result = result(arm, group, TextSet.FIXED);
                row.add(result.map(r -> Numbers.fixed(value(r.auroc()), 2) + starOr(r.againstBaseline()))
                        .orElse(Numbers.ABSENT));
            }
            corpora().stream().limit(1).forEach(corpus -> row.add(Numbers.compact(perToken(arm, corpus))));
            row.add(arm.verdict() == null ? REFERENCE : Words.compact(arm.verdict()));
            rows.add(row);
        }
        return new Table("compact", "", COMPACT_CAPTION, columns, rows).withoutEmptyColumns();
    }

    /** Those that some arm has on the fixed texts. */
    private List<ProbeGroup> groups() {
        return Arrays.stream(ProbeGroup.values())
                .filter(group -> group != ProbeGroup.CONTROL)
                .filter(group -> report.arms().stream()
                        .anyMatch(arm -> result(arm, group, TextSet.FIXED).isPresent()))
                .toList();
    }

    private Table behaviour() {
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            ArmReport.Behaviour behaviour = arm.behaviour();
            if (behaviour != null) {
                rows.add(List.of(
                        arm.name(),
                        Numbers.estimate(behaviour.rate(), 3),
                        Numbers.estimate(behaviour.meanScore(), 3),
                        Numbers.difference(behaviour.againstBaseline(), 3),
                        Numbers.p(behaviour.againstBaseline()),
                        Numbers.detectable(behaviour.againstBaseline()),
                        Numbers.difference(behaviour.againstControl(), 3),
                        Numbers.p(behaviour.againstControl())));
            }
        }
        return new Table(
                "behaviour",
                "Behaviour",
                "How often own responses show “%s”. Differences are paired by prompt and count both other prompts and other"
                                .formatted(report.behaviour())
                        + " seeds; p is Holm's over the arms. "
                        + MDD,
                List.of("arm", "rate", "mean score", "Δ baseline", "p", "MDD", "Δ control", "p "),
                rows);
    }

    private Table perplexity() {
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            for (PerplexityResult result : arm.perplexity()) {
                Estimate ratio = result.ratio();
                rows.add(List.of(
                        arm.name(),
                        result.corpus(),
                        Numbers.compact(result.perToken().value()),
                        Numbers.compact(result.perText().value()),
                        ratio == null ? Numbers.ABSENT : Numbers.change(ratio.value()),
                        ratio == null || ratio.lower() == null || ratio.upper() == null
                                ? Numbers.ABSENT
                                : Numbers.change(ratio.lower()) + " to " + Numbers.change(ratio.upper())));
            }
        }
        return new Table(
                "perplexity",
                "Perplexity",
                "Per token: exp of all texts' loss over all their tokens. Per text: mean of the texts' perplexities. The change"
                        + " is per token, against the baseline on the same texts.",
                2,
                List.of("arm", "corpus", "per token", "per text", "change", level + " interval"),
                rows);
    }

    private Table texts() {
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            ArmReport.Behaviour behaviour = arm.behaviour();
            if (behaviour != null) {
                rows.add(List.of(
                        arm.name(),
                        Numbers.fixed(behaviour.meanTokens(), 1),
                        Numbers.percent(behaviour.repetition(), 1),
                        Numbers.percent(behaviour.emptyShare(), 1)));
            }
        }
        return new Table(
                "texts",
                "Are the responses still text?",
                "A low rate means nothing if the responses are broken. Repetition: share of a response's bigrams of words that repeat"
                        + " an earlier one, mean over responses.",
                List.of("arm", "tokens", "repetition", "empty"),
                rows);
    }

    SequencedSet<String> corpora() {
        SequencedSet<String> corpora = new LinkedHashSet<>();
        report.arms().forEach(arm -> arm.perplexity().forEach(result -> corpora.add(result.corpus())));
        return corpora;
    }

    private String starOr(@Nullable Comparison comparison) {
        return Words.star(comparison, report.rules().level());
    }

    static @Nullable Estimate rate(ArmReport arm) {
        return arm.behaviour() == null ? null : arm.behaviour().rate();
    }

    static @Nullable Comparison behaviourDifference(ArmReport arm) {
        return arm.behaviour() == null ? null : arm.behaviour().againstBaseline();
    }

    static @Nullable Double value(@Nullable Estimate estimate) {
        return estimate == null ? null : estimate.value();
    }

    static Optional<ProbeResult> result(ArmReport arm, ProbeGroup group, TextSet set) {
        return arm.probes().stream()
                .filter(probes ->
                        probes.group() == group && probes.set() == set && probes.transfer() == Transfer.FROZEN)
                .findFirst();
    }

    static @Nullable Estimate auroc(ArmReport arm, ProbeGroup group, TextSet set) {
        return result(arm, group, set).map(ProbeResult::auroc).orElse(null);
    }

    static @Nullable Double perToken(ArmReport arm, String corpus) {
        return arm.perplexity().stream()
                .filter(result -> result.corpus().equals(corpus))
                .map(result -> result.perToken().value())
                .findFirst()
                .orElse(null);
    }
}
