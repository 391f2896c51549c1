package io.goodhart.api.experiment;

import io.goodhart.api.report.ReportComparison.FieldDifference;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The fields in which two specifications differ, by their dotted paths. */
final class SpecificationDifference {
    /** What changes no number. */
    private static final Set<String> IGNORED = Set.of("name", "metadata", "reference", "reuse");

    private SpecificationDifference() {}

    static List<FieldDifference> of(ExperimentSpec a, ExperimentSpec b) {
        Map<String, String> ofA = leaves(a);
        Map<String, String> ofB = leaves(b);
        Set<String> fields = new TreeSet<>(ofA.keySet());
        fields.addAll(ofB.keySet());
        List<FieldDifference> differences = new ArrayList<>();
        for (String field : fields) {
            if (!Objects.equals(ofA.get(field), ofB.get(field))) {
                differences.add(new FieldDifference(field, ofA.get(field), ofB.get(field)));
            }
        }
        return differences;
    }

    private static Map<String, String> leaves(ExperimentSpec spec) {
        Map<String, String> leaves = new TreeMap<>();
        GoodhartJson.tree(GoodhartJson.write(spec)).properties().forEach(field -> {
            if (!IGNORED.contains(field.getKey())) {
                collect(field.getKey(), field.getValue(), leaves);
            }
        });
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(field -> collect(path + "." + field.getKey(), field.getValue(), leaves));
        } else if (!node.isNull()) {
            leaves.put(path, node.toString());
        }
    }
}
