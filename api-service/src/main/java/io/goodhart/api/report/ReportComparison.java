package io.goodhart.api.report;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two experiments' reports side by side.
 *
 * @param a the first
 * @param b the second
 * @param warnings why the numbers may not be comparable
 * @param specification fields in which the specifications differ
 * @param arms arms that both have
 * @param onlyA names of arms that the second lacks
 * @param onlyB names of arms that the first lacks
 */
public record ReportComparison(
        Side a,
        Side b,
        List<String> warnings,
        List<FieldDifference> specification,
        List<ArmPair> arms,
        List<String> onlyA,
        List<String> onlyB) {
    public ReportComparison {
        warnings = List.copyOf(warnings);
        specification = List.copyOf(specification);
        arms = List.copyOf(arms);
        onlyA = List.copyOf(onlyA);
        onlyB = List.copyOf(onlyB);
    }

    /** One of the two. */
    public record Side(UUID id, String title) {}

    /**
     * A field with both values as JSON.
     *
     * @param a absent if the first lacks the field
     * @param b absent if the second lacks the field
     */
    public record FieldDifference(
            String field, @Nullable String a, @Nullable String b) {}

    /**
     * An arm of each.
     *
     * @param a its name in the first
     * @param b its name in the second
     * @param match how they were matched
     */
    public record ArmPair(String a, String b, Match match, List<Difference> differences) {
        public ArmPair {
            differences = List.copyOf(differences);
        }
    }

    /** Why two arms are taken for the same. */
    public enum Match {
        NAME,
        /** Other names, but the same specification. */
        SPECIFICATION
    }

    /**
     * One quantity in both.
     *
     * @param quantity what it is, in words
     * @param difference b − a
     * @param lower as if both were measured independently: on the same prompts and texts the interval is too wide rather than too
     *     narrow; absent if either has no interval
     * @param upper as {@code lower}
     */
    public record Difference(
            String quantity,
            double a,
            double b,
            double difference,
            @Nullable Double lower,
            @Nullable Double upper) {}
}
