package io.goodhart.trainer.execute;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.ContentKey;
import io.goodhart.domain.plan.TaskSpec.Evaluate;
import io.goodhart.domain.report.Provenance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was measured with what: written beside the numbers of each evaluation, gathered for the report. */
final class ProvenanceBook {
    private static final String MODEL = "model";
    private static final String MODEL_SHA256 = "model_sha256";
    private static final String SCORER = "scorer";

    private final Map<String, String> found = new TreeMap<>();

    /** What an evaluation was done with, as texts by name. */
    static Map<String, String> of(Evaluate spec) {
        Map<String, String> texts = new TreeMap<>();
        texts.put(MODEL, spec.model().path());
        texts.put(MODEL_SHA256, spec.model().sha256());
        texts.put(SCORER, spec.scorer().describe());
        return texts;
    }

    void add(Map<String, String> texts) {
        found.putAll(texts);
    }

    Provenance provenance(List<DatasetRevision> datasets) {
        String path = found.get(MODEL);
        String sha256 = found.get(MODEL_SHA256);
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("numerics", Integer.toString(ContentKey.NUMERICS_VERSION));
        return new Provenance(
                path == null || sha256 == null ? null : new ModelRevision(path, sha256),
                found.get(SCORER),
                datasets,
                versions);
    }
}
