package io.goodhart.api.report;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The answer in sentences. */
final class Answer {
    private Answer() {}

    /** Which arms' probes survived. */
    static String sentence(Report report) {
        List<ArmReport> judged =
                report.arms().stream().filter(arm -> arm.verdict() != null).toList();
        if (judged.isEmpty()) {
            return "No arm was trained, so there is nothing to say about its probes.";
        }
        List<ArmReport> untested = judged.stream()
                .filter(arm -> verdict(arm).untested() && !isUntrained(arm))
                .toList();
        List<ArmReport> tested = tested(judged, ArmReport.Kind.TREATMENT);
        List<ArmReport> controls = tested(judged, ArmReport.Kind.CONTROL);
        List<ArmReport> untrained = judged.stream().filter(Answer::isUntrained).toList();
        List<String> sentences = new ArrayList<>();
        if (!tested.isEmpty()) {
            sentences.add("Of %d %s trained with a signal, the probes are %s."
                    .formatted(tested.size(), tested.size() == 1 ? "arm" : "arms", byOutcome(tested)));
        }
        if (!controls.isEmpty()) {
            sentences.add("In the controls, they are %s.".formatted(byOutcome(controls)));
        }
        if (!untested.isEmpty()) {
            sentences.add("Nothing moved, so nothing was tested, in %s.".formatted(names(untested)));
        }
        if (!untrained.isEmpty()) {
            sentences.add(
                    "No model was trained in %s, so the fixed texts say nothing of it.".formatted(names(untrained)));
        }
        return String.join(" ", sentences);
    }

    private static List<ArmReport> tested(List<ArmReport> judged, ArmReport.Kind kind) {
        return judged.stream()
                .filter(arm -> !verdict(arm).untested() && !isUntrained(arm) && arm.kind() == kind)
                .toList();
    }

    /** Whether it answers with the untrained model: the best of n. */
    static boolean isUntrained(ArmReport arm) {
        return arm.method().equals(BestOfNTable.METHOD);
    }

    private static String byOutcome(List<ArmReport> arms) {
        List<String> parts = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            List<ArmReport> those = arms.stream()
                    .filter(arm -> verdict(arm).outcome() == outcome)
                    .toList();
            if (!those.isEmpty()) {
                parts.add("%s in %d (%s)".formatted(Words.of(outcome), those.size(), names(those)));
            }
        }
        List<ArmReport> thresholds =
                arms.stream().filter(arm -> verdict(arm).threshold() != null).toList();
        if (!thresholds.isEmpty()) {
            parts.add("a new threshold is needed in " + names(thresholds));
        }
        return String.join("; ", parts);
    }

    private static String names(List<ArmReport> arms) {
        return arms.stream().map(ArmReport::name).collect(Collectors.joining(", "));
    }

    private static Verdict verdict(ArmReport arm) {
        return Objects.requireNonNull(arm.verdict());
    }

    /** One line an arm: the outcome, what decided, what would decide. */
    static List<String> reasons(Report report) {
        List<String> lines = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            Verdict verdict = arm.verdict();
            if (verdict != null) {
                String needed = verdict.needed() == null ? "" : " To decide: " + verdict.needed();
                lines.add("%s: %s. %s%s"
                        .formatted(arm.name(), Words.of(verdict), String.join(" ", verdict.reasons()), needed));
            }
        }
        return lines;
    }

    /** Name and value of everything that is known about what was measured. */
    static Map<String, String> provenance(Report report) {
        Provenance provenance = report.provenance();
        Map<String, String> facts = new LinkedHashMap<>();
        if (provenance.model() != null) {
            facts.put(
                    "model",
                    provenance.model().path() + ", sha256 " + provenance.model().sha256());
        }
        facts.put("behaviour", report.behaviour() + ", score of at least " + report.threshold());
        if (provenance.scorer() != null) {
            facts.put("scorer", provenance.scorer());
        }
        for (DatasetRevision dataset : provenance.datasets()) {
            facts.put("data " + dataset.path(), "sha256 " + dataset.sha256());
        }
        facts.put("seeds", report.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        facts.putAll(provenance.versions());
        return facts;
    }
}
