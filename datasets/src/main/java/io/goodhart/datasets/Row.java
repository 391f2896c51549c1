package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.Filter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One row of a data file.
 *
 * @param file where it is from, for messages
 * @param number position in the file, from 1
 * @param fields the row's object
 */
record Row(Path file, long number, JsonNode fields) {
    /** The field {@code id} if there is one, else the row's number. */
    String id() {
        JsonNode id = fields.get("id");
        return id == null || id.isNull() ? Long.toString(number) : id.asString();
    }

    /** The number that a prefix's length varies with: the row's id if it is a whole number, else its position. */
    long ordinal() {
        JsonNode id = fields.get("id");
        return id != null && id.isIntegralNumber() ? id.asLong() : number;
    }

    String text(String field) {
        JsonNode value = fields.get(field);
        if (value == null || !value.isString()) {
            throw broken("has no text in field '" + field + "'");
        }
        return value.asString();
    }

    double number(String field) {
        JsonNode value = fields.get(field);
        if (value != null && value.isBoolean()) {
            return value.asBoolean() ? 1 : 0;
        }
        if (value == null || !value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw broken("has no number in field '" + field + "'");
        }
        return value.asDouble();
    }

    boolean passes(@Nullable Filter filter) {
        if (filter == null) {
            return true;
        }
        double value = number(filter.field());
        Double least = filter.atLeast();
        Double most = filter.atMost();
        return (least == null || value >= least) && (most == null || value <= most);
    }

    private InvalidInputException broken(String what) {
        return new InvalidInputException(
                new Problem("bad_row", null, "Row %d of %s %s".formatted(number, file.getFileName(), what)));
    }
}
