package io.goodhart.api.report;

import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceProbes;
import io.goodhart.domain.spec.ReferenceSpec;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How the probes were fitted: the layer, and how alike they are. */
final class SweepTables {
    private final @Nullable ProbeSweep sweep;
    private final @Nullable ReferenceSpec reference;

    SweepTables(Report report) {
        this.sweep = report.sweep();
        this.reference = report.reference();
    }

    Table layers() {
        List<List<String>> rows = sweep == null
                ? List.of()
                : sweep.auroc().stream()
                        .map(score -> List.of(String.valueOf(score.layer()), Numbers.fixed(score.auroc(), 4)))
                        .toList();
        return new Table("layers", "Choice of the layer", caption(), List.of("layer", "validation AUC"), rows);
    }

    private String caption() {
        String site = sweep == null ? "" : " at " + sweep.site();
        String chosen = sweep == null || sweep.layer() == null ? "" : " Layer %d was chosen.".formatted(sweep.layer());
        return "AUC on the untrained model%s, mean over the training probes: each reads the calibration texts of all of them.%s%s"
                .formatted(site, chosen, publishedLayer());
    }

    /** Mean and range; nothing of a single training probe. */
    static String measured(ProbeSweep sweep) {
        DoubleSummaryStatistics cosines = sweep.trainingCosines();
        return cosines.getCount() < 2
                ? ""
                : " Pairs of training probes: %s on average, from %s to %s."
                        .formatted(
                                Numbers.fixed(cosines.getAverage(), 2),
                                Numbers.fixed(cosines.getMin(), 2),
                                Numbers.fixed(cosines.getMax(), 2));
    }

    /** What was published of the layer; it is another model's. */
    String publishedLayer() {
        return reference == null
                        || reference.probes() == null
                        || reference.probes().layer() == null
                ? ""
                : " Published: layer %d (%s).".formatted(reference.probes().layer(), reference.source());
    }

    /** What was published of the cosines. */
    String publishedCosines() {
        ReferenceProbes.Cosine cosine = reference == null || reference.probes() == null
                ? null
                : reference.probes().cosine();
        return cosine == null || reference == null
                ? ""
                : " Published: %s on average, from %s to %s (%s)."
                        .formatted(
                                Numbers.plain(cosine.mean()),
                                Numbers.plain(cosine.lowest()),
                                Numbers.plain(cosine.highest()),
                                reference.source());
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
                "Cosine of the angle between the weights of any two probes, on activations that each standardises by its own texts."
                        + measured(sweep) + publishedCosines(),
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
