package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One row of a data file.
 *
 * @param source where it is from, for messages
 * @param number the line that it begins in, from 1; of Parquet its number
 * @param fields the row's values
 */
public record Row(DataSource source, long number, ObjectNode fields) {
    /** Of what Double.parseDouble reads. */
    private static final String NUMBER_STARTS = "+-.0123456789NI";

    private static final Pattern DOT = Pattern.compile("\\.");

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

    /**
     * The value of a field; dots lead into objects, unless a field has just that name.
     *
     * @return empty if the value is null or, in a file that has no other way to say it, empty
     * @throws InvalidInputException if there is no such field
     */
    Optional<JsonNode> value(String field) {
        JsonNode value = fields.get(field);
        if (value == null) {
            value = fields;
            for (String part : DOT.split(field, -1)) {
                value = value.isNull() ? value : value.path(part);
            }
        }
        if (value.isMissingNode()) {
            throw unknown(field);
        }
        boolean absent =
                value.isNull() || (source.isUntyped() && value.asString().isEmpty());
        return absent ? Optional.empty() : Optional.of(value);
    }

    /** A text; empty if there is none. */
    String text(String field) {
        JsonNode value = value(field).orElse(null);
        if (value == null && source.isUntyped()) {
            return "";
        }
        if (value == null || !value.isString()) {
            throw BadData.row(source, number, "has no text in field '" + field + "'");
        }
        return value.asString();
    }

    /** A number that must be there. */
    double number(String field) {
        return anyNumber(field)
                .orElseThrow(() -> BadData.row(source, number, "has no number in field '" + field + "'"));
    }

    /** A number; a boolean counts as 0 or 1. */
    OptionalDouble anyNumber(String field) {
        JsonNode value = value(field).orElse(null);
        if (value == null) {
            return OptionalDouble.empty();
        }
        OptionalDouble found = asNumber(value);
        if (found.isEmpty()) {
            throw BadData.row(source, number, "has no number in field '" + field + "'");
        }
        return found;
    }

    /** The number that a value of this row is; empty if it is none or not finite. */
    OptionalDouble asNumber(JsonNode value) {
        OptionalDouble found = source.isUntyped() ? parsed(value.asString()) : typed(value);
        return found.isPresent() && Double.isFinite(found.getAsDouble()) ? found : OptionalDouble.empty();
    }

    private static OptionalDouble typed(JsonNode value) {
        if (value.isBoolean()) {
            return OptionalDouble.of(value.asBoolean() ? 1 : 0);
        }
        return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
    }

    /** The number that a text says. */
    static OptionalDouble parsed(String value) {
        String text = value.strip();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return OptionalDouble.of(text.equalsIgnoreCase("true") ? 1 : 0);
        }
        if (!startsLikeANumber(text)) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    /** Nearly all words do not, and an exception for each of them would take longer than reading them. */
    private static boolean startsLikeANumber(String text) {
        return !text.isEmpty() && (text.charAt(0) <= ' ' || NUMBER_STARTS.indexOf(text.charAt(0)) >= 0);
    }

    private InvalidInputException unknown(String field) {
        Set<String> columns = new TreeSet<>();
        Columns.leaves(fields, (name, _) -> columns.add(name));
        Problem problem = Problem.unknownField(null, field, columns);
        return new InvalidInputException(new Problem(
                problem.code(),
                null,
                "Line %d of %s has no field '%s'. %s".formatted(number, source.name(), field, problem.message())));
    }
}
