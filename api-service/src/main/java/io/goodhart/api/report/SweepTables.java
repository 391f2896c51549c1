package io.goodhart.api.report;

import io.goodhart.domain.report.ProbeSweep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the probes are: where they read, and how alike their weights are. */
record SweepTables(@Nullable ProbeSweep sweep) {
    /** Validation AUC by layer, and which was chosen. */
    Table layers() {
        List<List<String>> rows = new ArrayList<>();
        if (sweep != null) {
            for (ProbeSweep.LayerScore score : sweep.auroc()) {
                boolean chosen = sweep.layer() != null && sweep.layer() == score.layer();
                rows.add(List.of(
                        String.valueOf(score.layer()),
                        Numbers.fixed(score.auroc(), 3),
                        chosen ? "chosen" : Numbers.ABSENT));
            }
        }
        return new Table(
                "layers",
                "Choice of the layer",
                "AUC on the untrained model at %s, mean over the training probes: each reads the calibration texts of all of them."
                        .formatted(sweep == null ? null : sweep.site()),
                List.of("layer", "validation AUC", "choice"),
                rows);
    }

    /** Wehner and Fritz' figure 4. */
    Table cosines() {
        List<String> columns = new ArrayList<>(List.of("probe"));
        List<List<String>> rows = new ArrayList<>();
        if (sweep != null && sweep.cosine().size() == sweep.probes().size()) {
            columns.addAll(sweep.probes());
            for (int i = 0; i < sweep.cosine().size(); i++) {
                List<String> row = new ArrayList<>(List.of(sweep.probes().get(i)));
                sweep.cosine().get(i).forEach(cosine -> row.add(Numbers.fixed(cosine, 2)));
                rows.add(row);
            }
        }
        return new Table(
                "cosines",
                "How alike the probes are",
                "Cosine between the weights of any two probes, on activations that each standardises by its own texts.",
                columns,
                rows);
    }
}
