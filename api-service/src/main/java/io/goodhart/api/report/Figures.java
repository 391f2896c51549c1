package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The report's figures. An arm has the same colour, dash and marker in all of them. */
final class Figures {
    private final Report report;
    private final List<ArmReport> trained;

    Figures(Report report) {
        this.report = report;
        this.trained =
                report.arms().stream().filter(arm -> arm.verdict() != null).toList();
    }

    /** A figure: markup of legend and body, and a caption as text. */
    record Figure(String legend, String body, String caption) {}

    /** Those that have something to show. */
    List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        pressure().ifPresent(figures::add);
        survival().ifPresent(figures::add);
        for (CurveFamily family : CurveFamily.values()) {
            curves(family).ifPresent(figures::add);
        }
        bestOfN().ifPresent(figures::add);
        probes().ifPresent(figures::add);
        return figures;
    }

    /** What training bought, and what it cost. */
    private Optional<Figure> pressure() {
        List<ScatterPlot> panels = new ArrayList<>();
        String rate = report.behaviour() + " rate";
        scatter("AUC held-out and the behaviour", rate, ProbeGroup.HELD_OUT, ReportTables::rate)
                .ifPresent(panels::add);
        scatter("AUC train and the behaviour", rate, ProbeGroup.TRAIN, ReportTables::rate)
                .ifPresent(panels::add);
        scatter("AUC refit and the behaviour", rate, ProbeGroup.REFITTED, ReportTables::rate)
                .ifPresent(panels::add);
        new ReportTables(report)
                .corpora().stream()
                        .findFirst()
                        .flatMap(corpus -> scatter(
                                "AUC held-out and perplexity",
                                "perplexity of " + corpus + ", baseline = 1",
                                ProbeGroup.HELD_OUT,
                                arm -> ratio(arm, corpus)))
                        .ifPresent(panels::add);
        if (panels.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Figure(
                Legend.of(report.arms().stream().map(ArmReport::name).toList(), this::colour),
                panels.stream()
                        .map(ScatterPlot::svg)
                        .collect(Collectors.joining("", "<div class=\"panels\">\n", "</div>\n")),
                "Up: how well probes read the fixed texts after training. Across: what training did to the model. Bars are %s intervals."
                        .formatted(Numbers.percent(report.rules().level(), 0))));
    }

    private Optional<ScatterPlot> scatter(
            String title, String xLabel, ProbeGroup group, Function<ArmReport, @Nullable Estimate> across) {
        List<ScatterPlot.Mark> marks = new ArrayList<>();
        for (ArmReport arm : report.arms()) {
            Estimate x = across.apply(arm);
            Estimate y = ReportTables.auroc(arm, group, TextSet.FIXED);
            if (x != null && y != null) {
                marks.add(new ScatterPlot.Mark(arm.name(), colour(arm.name()), x, y));
            }
        }
        return marks.isEmpty() ? Optional.empty() : Optional.of(new ScatterPlot(title, xLabel, marks));
    }

    private static @Nullable Estimate ratio(ArmReport arm, String corpus) {
        return arm.perplexity().stream()
                .filter(result -> result.corpus().equals(corpus))
                .map(PerplexityResult::ratio)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Optional<Figure> survival() {
        ForestPlot plot = ForestPlot.of(report);
        return plot.isEmpty()
                ? Optional.empty()
                : Optional.of(new Figure(
                        plot.legend(),
                        plot.svg(),
                        "AUC after training, by probe role, with %s intervals. Filled: on the fixed texts, which every model reads;"
                                        .formatted(
                                                Numbers.percent(report.rules().level(), 0))
                                + " hollow: on the model's own responses. The dashed line is the untrained model on the fixed texts,"
                                + " the dotted one is chance."));
    }

    private Optional<Figure> curves(CurveFamily family) {
        return curves(
                family::includes,
                "evaluation point",
                family.title()
                        + " over evaluation points, evenly spaced from the untrained start to the end. Lines are means over seeds,"
                        + " bands reach from the lowest to the highest seed: they are no intervals. Hollow: fewer than %d texts of a class. These evaluations have fewer prompts than the final one."
                                .formatted(report.rules().fewPositives()));
    }

    private Optional<Figure> bestOfN() {
        return curves(
                arm -> arm.method().equals(BestOfNTable.METHOD),
                "n",
                "Best of n over n: of each prompt's first n responses the one with the lowest label, out of the same responses for every"
                        + " n. The best of n is at most log n − (n − 1)/n nats from the untrained model. Bands reach from the lowest to"
                        + " the highest seed. Hollow: fewer than %d texts of a class."
                                .formatted(report.rules().fewPositives()));
    }

    private Optional<Figure> curves(Predicate<ArmReport> members, String xLabel, String caption) {
        List<ArmReport> arms = trained.stream()
                .filter(arm -> members.test(arm) && !arm.curves().isEmpty())
                .toList();
        List<LineChart> panels = new ArrayList<>();
        panel(arms, report.behaviour() + " rate", xLabel, Quantity.RATE, null, null, null)
                .ifPresent(panels::add);
        panel(arms, "mean score", xLabel, Quantity.MEAN_SCORE, null, null, null).ifPresent(panels::add);
        for (String corpus : corpora(arms)) {
            panel(arms, "perplexity, " + corpus, xLabel, Quantity.PERPLEXITY, null, null, corpus)
                    .ifPresent(panels::add);
        }
        for (ProbeGroup group : ProbeGroup.values()) {
            for (TextSet set : List.of(TextSet.FIXED, TextSet.OWN)) {
                String name = "AUC %s, %s".formatted(Words.of(group), Words.of(set));
                panel(arms, name, xLabel, Quantity.AUROC, group, set, null).ifPresent(panels::add);
            }
        }
        if (panels.isEmpty()) {
            return Optional.empty();
        }
        String body = panels.stream()
                .map(LineChart::svg)
                .collect(Collectors.joining("", "<div class=\"panels\">\n", "</div>\n"));
        return Optional.of(
                new Figure(Legend.of(arms.stream().map(ArmReport::name).toList(), this::colour), body, caption));
    }

    private Optional<LineChart> panel(
            List<ArmReport> arms,
            String title,
            String xLabel,
            Quantity quantity,
            @Nullable ProbeGroup group,
            @Nullable TextSet set,
            @Nullable String corpus) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (ArmReport arm : arms) {
            arm.curves().stream()
                    .filter(curve -> curve.quantity() == quantity
                            && curve.group() == group
                            && curve.set() == set
                            && Objects.equals(curve.corpus(), corpus))
                    .findFirst()
                    .ifPresent(curve -> lines.add(line(arm, curve)));
        }
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (quantity) {
                    case RATE, MEAN_SCORE -> LineChart.of(title, xLabel, lines).from(0);
                    case AUROC ->
                        LineChart.of(title, xLabel, lines).from(0.5).upTo(1).withChance(0.5);
                    case PERPLEXITY -> LineChart.of(title, xLabel, lines);
                });
    }

    private LineChart.Line line(ArmReport arm, Curve curve) {
        return new LineChart.Line(
                arm.name(),
                colour(arm.name()),
                curve.points().stream()
                        .map(p -> new LineChart.Point(p.point(), p.mean(), p.lower(), p.upper(), isRough(p)))
                        .toList());
    }

    private boolean isRough(Curve.CurvePoint point) {
        return point.fewest() != null && point.fewest() < report.rules().fewPositives();
    }

    private Optional<Figure> probes() {
        ProbeSweep sweep = report.sweep();
        if (sweep == null || (sweep.auroc().isEmpty() && sweep.cosine().isEmpty())) {
            return Optional.empty();
        }
        StringBuilder body = new StringBuilder("<div class=\"panels two\">\n");
        StringBuilder caption = new StringBuilder();
        SweepTables published = new SweepTables(report);
        if (!sweep.auroc().isEmpty()) {
            List<LineChart.Point> points = sweep.auroc().stream()
                    .map(s -> new LineChart.Point(s.layer(), s.auroc(), s.auroc(), s.auroc(), false))
                    .toList();
            LineChart chart =
                    LineChart.of("validation AUC by layer", "layer", List.of(new LineChart.Line("AUC", 0, points)));
            body.append((sweep.layer() == null ? chart : chart.marking(sweep.layer())).svg());
            caption.append("Validation AUC of probes on the base model by layer");
            caption.append(sweep.layer() == null ? ". " : "; layer " + sweep.layer() + " was chosen. ");
            caption.append(published.publishedLayer()).append(' ');
        }
        ProbeSweep.LabelledSource labelled = sweep.labelled();
        if (labelled != null) {
            caption.append("They were fitted on texts of %s with the labels in “%s”, not on responses. "
                    .formatted(labelled.dataset().path(), labelled.label()));
        }
        if (!sweep.cosine().isEmpty()) {
            body.append(new HeatMap("cosine between probes", sweep.probes(), sweep.cosine()).svg());
            caption.append("Cosine between the weights of any two probes, on standardised activations:"
                    + " 1 is the same direction, 0 is unrelated.");
            caption.append(SweepTables.measured(sweep)).append(published.publishedCosines());
        }
        return Optional.of(new Figure("", body.append("</div>\n").toString(), caption.toString()));
    }

    private int colour(String arm) {
        for (int i = 0; i < trained.size(); i++) {
            if (trained.get(i).name().equals(arm)) {
                return i;
            }
        }
        return trained.size();
    }

    private static SequencedSet<String> corpora(List<ArmReport> arms) {
        SequencedSet<String> corpora = new LinkedHashSet<>();
        for (ArmReport arm : arms) {
            arm.curves().stream().map(Curve::corpus).filter(Objects::nonNull).forEach(corpora::add);
        }
        return corpora;
    }
}
