package io.goodhart.api.report;

import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How the probes were fitted: the layer, and how alike they are. */
final class SweepTables {
    private final @Nullable ProbeSweep sweep;

    SweepTables(Report report) {
        this.sweep = report.sweep();
    }

    Table layers() {
        List<List<String>> rows = sweep == null
                ? List.of()
                : sweep.auroc().stream()
                        .map(score -> List.of(String.valueOf(score.layer()), Numbers.fixed(score.auroc(), 4)))
                        .toList();
        return new Table(
                "layers",
                "Choice of the layer",
                "Validation AUC of probes on the untrained model, by layer." + chosen(),
                List.of("layer", "validation AUC"),
                rows);
    }

    private String chosen() {
        return sweep == null || sweep.layer() == null ? "" : " Layer %d was chosen.".formatted(sweep.layer());
    }

    /** Wehner and Fritz' figure 4. */
    Table cosines() {
        if (sweep == null) {
            return new Table("cosines", "", "", List.of("probe"), List.of());
        }
        int n = sweep.cosine().size();
        List<String> columns = new ArrayList<>(List.of("probe"));
        IntStream.range(0, n).forEach(i -> columns.add(name(sweep, i)));
        return new Table(
                "cosines",
                "Cosines between probes",
                "Cosine of the angle between the weights of any two probes, on standardised activations."
                        + Figures.summary(sweep.trainingCosines()),
                columns,
                IntStream.range(0, n).mapToObj(i -> row(sweep, i)).toList());
    }

    private static List<String> row(ProbeSweep sweep, int i) {
        List<String> row = new ArrayList<>(List.of(name(sweep, i)));
        sweep.cosine().get(i).forEach(cosine -> row.add(Numbers.fixed(cosine, 2)));
        return row;
    }

    private static String name(ProbeSweep sweep, int i) {
        return i < sweep.probes().size() ? sweep.probes().get(i) : String.valueOf(i);
    }
}
