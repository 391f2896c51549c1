package io.goodhart.api.report;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two experiments' reports side by side.
 *
 * @param a the first
 * @param b the second
 * @param level of every interval
 * @param warnings why the numbers may not be comparable
 * @param specification fields in which the specifications differ
 * @param arms arms that both have
 * @param onlyA names of arms that the second lacks
 * @param onlyB names of arms that the first lacks
 */
public record ReportComparison(
        Side a,
        Side b,
        double level,
        List<String> warnings,
        List<FieldDifference> specification,
        List<ArmPair> arms,
        List<String> onlyA,
        List<String> onlyB) {
    /** How the name of a quantity begins that is a perplexity. */
    static final String PERPLEXITY = "PPL ";

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

    /** What an interval counts. */
    public enum Basis {
        /** Both read the same prompts or texts with the same seeds: differences prompt by prompt or text by text. */
        PAIRED,
        /** Two independent estimates. */
        INDEPENDENT
    }

    /**
     * One quantity in both.
     *
     * @param quantity what it is, in words
     * @param difference b − a
     * @param lower absent if either has no interval
     * @param upper as {@code lower}
     * @param p two-sided p-value of no difference; absent as {@code lower} is
     * @param adjustedP {@code p} corrected over the arms that have this quantity (Holm 1979)
     * @param basis what the interval counts
     * @param how what was paired, or why nothing was
     */
    public record Difference(
            String quantity,
            double a,
            double b,
            double difference,
            @Nullable Double lower,
            @Nullable Double upper,
            @Nullable Double p,
            @Nullable Double adjustedP,
            Basis basis,
            String how) {
        /** The same as a member of a family of tests. */
        Difference adjusted(double corrected) {
            return new Difference(quantity, a, b, difference, lower, upper, p, corrected, basis, how);
        }
    }
}
