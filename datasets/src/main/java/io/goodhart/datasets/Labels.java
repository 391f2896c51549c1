package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.NearMiss;
import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.LabelRule;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Labels of the texts of one data file: numbers, or names of which some are positive. Refusals list the labels that there are, unless
 * they look like texts.
 */
final class Labels {
    private static final int MOST_LISTED = 20;
    private static final int LONGEST_LISTED = 40;

    private final DataSource source;
    private final LabelRule rule;
    private final Map<String, Integer> seen = new TreeMap<>(); // up to one more than are listed
    private final Set<String> found = new HashSet<>();

    Labels(DataSource source, LabelRule rule) {
        this.source = source;
        this.rule = rule;
    }

    /**
     * Whether a row's label is positive.
     *
     * @throws InvalidInputException if it has none, or a name where a number is needed
     */
    boolean isPositive(Row row) {
        JsonNode label = row.value(rule.field())
                .orElseThrow(
                        () -> BadData.row(source, row.number(), "has no label in field '%s'".formatted(rule.field())));
        List<String> positive = rule.positive();
        if (positive == null) {
            return row.asNumber(label).orElseThrow(() -> noNumber(row)) >= LabelRule.THRESHOLD;
        }
        count(label);
        String name = label.asString("");
        if (positive.contains(name)) {
            found.add(name);
            return true;
        }
        return false;
    }

    private void count(JsonNode label) {
        if (seen.size() <= MOST_LISTED) {
            seen.merge(label.asString(""), 1, Integer::sum);
        }
    }

    private InvalidInputException noNumber(Row row) {
        Rows.readWhile(source, other -> {
            other.value(rule.field()).ifPresent(this::count);
            return seen.size() <= MOST_LISTED;
        });
        return BadData.row(
                source,
                row.number(),
                "has no number in field '%s'. Say with positive which labels mean a positive text; the labels are %s"
                        .formatted(rule.field(), listed()));
    }

    /**
     * Refuses, when every row has been read, names that are no label of any row.
     *
     * @throws InvalidInputException with code {@code unknown_label}
     */
    void requireKnown() {
        List<String> unknown = Objects.requireNonNullElse(rule.positive(), List.<String>of()).stream()
                .filter(name -> !found.contains(name))
                .toList();
        if (!unknown.isEmpty()) {
            String hint = NearMiss.of(unknown.getFirst(), seen.keySet())
                    .filter(_ -> canBeListed())
                    .map(", did you mean %s?"::formatted)
                    .orElse(".");
            throw new InvalidInputException(new Problem(
                    "unknown_label",
                    null,
                    "No text of %s has the label %s in field '%s'%s The labels are %s"
                            .formatted(source.name(), String.join(", ", unknown), rule.field(), hint, listed())));
        }
    }

    private boolean canBeListed() {
        return seen.size() <= MOST_LISTED && seen.keySet().stream().allMatch(name -> name.length() <= LONGEST_LISTED);
    }

    private String listed() {
        return canBeListed()
                ? seen.entrySet().stream()
                        .map(label -> "%s (%d)".formatted(label.getKey(), label.getValue()))
                        .collect(Collectors.joining(", "))
                : "too many or too long to be listed";
    }
}
