package io.goodhart.standalone.model;

import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.parity.ParityReport;
import io.goodhart.lm.parity.ParityRow;
import io.goodhart.standalone.model.ModelCheck.Loaded;
import io.goodhart.standalone.model.ModelCheck.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A check for people. */
final class CheckText {
    private CheckText() {}

    static List<String> lines(ModelCheck check) {
        return switch (check) {
            case Refused refused -> refused(refused);
            case Loaded loaded -> {
                List<String> lines = new ArrayList<>(facts(loaded.model()));
                loaded.parity().ifPresent(report -> lines.addAll(parity(report)));
                yield lines;
            }
        };
    }

    private static List<String> refused(Refused refused) {
        List<String> lines = new ArrayList<>();
        lines.add("The model cannot be used:");
        for (Problem problem : refused.problems()) {
            lines.add("  %s: %s [%s]"
                    .formatted(problem.field() == null ? "model" : problem.field(), problem.message(), problem.code()));
        }
        return lines;
    }

    private static List<String> facts(ModelFacts model) {
        List<String> lines = new ArrayList<>();
        lines.add(row("model", model.revision().path()));
        lines.add(row("sha256", model.revision().sha256()));
        lines.add(row(
                "family",
                model.family() + ", "
                        + model.task().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        lines.add(row("layers", model.layers()));
        lines.add(row(
                "sizes",
                "d_model %d, d_mlp %d, heads %d (key/value %d) of %d"
                        .formatted(model.dModel(), model.dMlp(), model.heads(), model.keyValueHeads(), model.dHead())));
        lines.add(row("vocabulary", model.vocabulary()));
        lines.add(row("context", model.context()));
        lines.add(row(
                "parameters",
                "%,d (%,d MiB in float32)".formatted(model.parameters(), (model.parameters() * Float.BYTES) >> 20)));
        lines.add(row("linear modules", String.join(", ", model.linearModules())));
        if (model.task() == ModelFacts.Task.LANGUAGE_MODEL) {
            lines.add(row("sites", model.sites().stream().map(Site::wireName).collect(Collectors.joining(", "))));
        }
        if (!model.labels().isEmpty()) {
            lines.add(row("labels", String.join(", ", model.labels())));
        }
        return lines;
    }

    private static String row(String name, Object value) {
        return "%-16s%s".formatted(name, value);
    }

    private static List<String> parity(ParityReport report) {
        List<String> lines = new ArrayList<>();
        int width = report.rows().stream()
                .mapToInt(row -> row.name().length())
                .max()
                .orElse(6);
        String format = "%-" + width + "s  %11s  %11s  %11s  %9s  %s";
        lines.add("");
        lines.add(format.formatted("tensor", "max |diff|", "scale", "ratio", "tolerance", ""));
        for (ParityRow row : report.rows()) {
            lines.add(format.formatted(
                    row.name(),
                    number(row.maxDifference()),
                    number(row.scale()),
                    number(row.ratio()),
                    number(row.tolerance()),
                    row.within() ? "ok" : "OUTSIDE"));
        }
        long outside = report.rows().stream().filter(row -> !row.within()).count();
        lines.add("");
        report.noiseFloor()
                .ifPresent(floor -> lines.add("Noise floor of the logits (float32 against float64): " + number(floor)));
        if (!report.unread().isEmpty()) {
            lines.add("Not compared: " + String.join(", ", report.unread()));
        }
        lines.add(
                outside == 0
                        ? "All %d tensors are within tolerance."
                                .formatted(report.rows().size())
                        : "%d of %d tensors are outside the tolerance."
                                .formatted(outside, report.rows().size()));
        return lines;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
