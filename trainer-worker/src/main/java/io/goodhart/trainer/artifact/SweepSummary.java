package io.goodhart.trainer.artifact;

import io.goodhart.domain.model.Site;
import io.goodhart.domain.report.ProbeSweep.LabelledSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How probes were fitted; the output {@code sweep} of fit_probes.
 *
 * @param layer the layer that the probes read
 * @param site where in the layer
 * @param aurocByLayer mean validation AUC of the probes by layer; a layer whose validation texts lack a class is left out
 * @param baseRate share of positive responses
 * @param probes name of each row of {@code cosine}
 * @param cosine cosine between the probes' weights on standardised features
 * @param counts number of responses, of positive and of empty ones
 * @param fits what each probe was fitted on and how well it does, by name
 * @param labelled labelled texts that they were fitted on; null: responses
 */
public record SweepSummary(
        int layer,
        Site site,
        Map<String, Double> aurocByLayer,
        double baseRate,
        List<String> probes,
        List<List<Double>> cosine,
        Map<String, Integer> counts,
        Map<String, Map<String, Object>> fits,
        @Nullable LabelledSource labelled) {
    public SweepSummary {
        aurocByLayer = Collections.unmodifiableMap(new LinkedHashMap<>(aurocByLayer));
        probes = List.copyOf(probes);
        cosine = cosine.stream().map(List::copyOf).toList();
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        fits = Collections.unmodifiableMap(new LinkedHashMap<>(fits));
    }
}
