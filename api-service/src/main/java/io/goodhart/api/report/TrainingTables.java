package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tables of what the training was given and what it logged. */
final class TrainingTables {
    private static final int MOST_COLUMNS = 9;

    /** What tells most about a training, before anything else that was logged. */
    private static final List<String> FIRST = List.of(
            "loss",
            "rewards/accuracies",
            "rewards/margins",
            "rewards/chosen",
            "rewards/rejected",
            "logps/chosen",
            "logps/rejected",
            "loss/lm",
            "probe/mean",
            "reward",
            "reward_std",
            "rewards/task/mean",
            "rewards/probe/mean",
            "kl",
            "completions/mean_length",
            "frac_reward_zero_std",
            "prompts",
            "candidates",
            "pairs",
            "empty_candidates",
            "chosen_positive_share",
            "rejected_positive_share",
            "agreement_with_scorer",
            "detector_tpr",
            "detector_fpr",
            "detector_auroc",
            "order_agreement");

    private final Report report;

    TrainingTables(Report report) {
        this.report = report;
    }

    Table pairs() {
        return byName(
                "pairs",
                "Preference pairs",
                "What the pairs of each arm were. Shares are of the chosen and the rejected responses that show the behaviour.",
                arm -> arm.pairs() == null ? Map.of() : arm.pairs());
    }

    Table training() {
        return byName(
                "training",
                "Training",
                "Last logged value, that is of the last batch, mean over seeds; TRL's metric names. All of them are in the CSV.",
                ArmReport::training);
    }

    private Table byName(String id, String title, String caption, Function<ArmReport, Map<String, Double>> values) {
        SequencedSet<String> names = new LinkedHashSet<>();
        FIRST.stream()
                .filter(name ->
                        report.arms().stream().anyMatch(arm -> values.apply(arm).containsKey(name)))
                .forEach(names::add);
        report.arms().forEach(arm -> names.addAll(values.apply(arm).keySet()));
        List<String> shown = names.stream().limit(MOST_COLUMNS).toList();
        List<String> columns = new ArrayList<>(List.of("arm"));
        shown.forEach(name -> columns.add(name.replace('_', ' ')));
        List<List<String>> rows = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            Map<String, Double> of = values.apply(arm);
            if (!of.isEmpty()) {
                List<String> row = new ArrayList<>(List.of(arm.name()));
                shown.forEach(name -> row.add(number(of.get(name))));
                rows.add(row);
            }
        }
        return new Table(id, title, caption, columns, rows);
    }

    private static String number(@Nullable Double value) {
        return value != null && value == Math.rint(value) && Math.abs(value) < 1e9
                ? Numbers.fixed(value, 0)
                : Numbers.compact(value);
    }
}
