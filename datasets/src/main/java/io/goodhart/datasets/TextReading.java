package io.goodhart.datasets;

import java.util.Optional;

/** Which rows of a data file are texts, what they are, and which of them are positive. */
final class TextReading {
    private final TextQuery query;
    private final Optional<Labels> labels;

    TextReading(DataSource source, TextQuery query) {
        this.query = query;
        this.labels = Optional.ofNullable(query.label()).map(rule -> new Labels(source, rule));
    }

    /** The text of a row that has one. */
    Text of(Row row) {
        return text(row).orElseThrow();
    }

    /** The text of a row, unless it is blank or does not pass the filter. */
    Optional<Text> text(Row row) {
        if (!Condition.holds(query.where(), row) || row.text(query.field()).isBlank()) {
            return Optional.empty();
        }
        return Optional.of(
                new Text(row.id(), row.text(query.field()).strip(), labels.map(label -> label.isPositive(row))));
    }

    /**
     * Refuses, when every row has been read, names that are no label of any row.
     *
     * @throws io.goodhart.domain.InvalidInputException with code {@code unknown_label}
     */
    void requireKnownLabels() {
        labels.ifPresent(Labels::requireKnown);
    }
}
