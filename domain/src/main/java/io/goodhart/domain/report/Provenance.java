package io.goodhart.domain.report;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What exactly was measured.
 *
 * @param model the base model
 * @param scorer what labels texts, in words: a model with its hash, a lexicon
 * @param datasets every data file
 * @param versions anything else by name: the program's version, its numerics, the device
 */
public record Provenance(
        @Nullable ModelRevision model,
        @Nullable String scorer,
        List<DatasetRevision> datasets,
        Map<String, String> versions) {
    /** Nothing is known. */
    public static final Provenance UNKNOWN = new Provenance(null, null, List.of(), Map.of());

    public Provenance {
        datasets = List.copyOf(datasets);
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
}
