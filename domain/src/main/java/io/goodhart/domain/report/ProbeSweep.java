package io.goodhart.domain.report;

import io.goodhart.domain.model.DatasetRevision;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the probes were fitted on the base model.
 *
 * @param layer the layer they read; absent: a site without layers
 * @param site where, by its outside name
 * @param auroc validation AUC by layer that was tried, in layer order
 * @param cosine cosine of the angle between any two probes' weights, row by row; empty if not measured
 * @param probes name of each row of {@code cosine}
 * @param facts counts and rates: texts, positives, base rate
 * @param labelled labelled texts that the probes were fitted on; absent: responses with the scorer's labels
 */
public record ProbeSweep(
        @Nullable Integer layer,
        @Nullable String site,
        List<LayerScore> auroc,
        List<List<Double>> cosine,
        List<String> probes,
        Map<String, Double> facts,
        @Nullable LabelledSource labelled) {
    public ProbeSweep {
        auroc = List.copyOf(auroc);
        cosine = cosine.stream().map(List::copyOf).toList();
        probes = List.copyOf(probes);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** Cosines of every two training probes (Wehner and Fritz 2025, appendix A). */
    public DoubleSummaryStatistics trainingCosines() {
        DoubleSummaryStatistics pairs = new DoubleSummaryStatistics();
        for (int i = 0; i < cosine.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (isTraining(i) && isTraining(j)) {
                    pairs.accept(cosine.get(i).get(j));
                }
            }
        }
        return pairs;
    }

    private boolean isTraining(int row) {
        return probes.get(row).startsWith("train-");
    }

    /**
     * Where labelled texts are from.
     *
     * @param label field with their labels, and the labels of positive texts if they have names
     */
    public record LabelledSource(DatasetRevision dataset, String label) {}

    /** Validation AUC of one layer. */
    public record LayerScore(int layer, double auroc) {}
}
