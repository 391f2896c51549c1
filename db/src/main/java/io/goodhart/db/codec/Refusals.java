package io.goodhart.db.codec;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns Jackson's failures into problems that name the field as its author wrote it. */
final class Refusals {
    private static final Pattern PARSERS_OWN = Pattern.compile(": enable `\\S+` to allow$");

    private Refusals() {}

    static InvalidInputException of(JacksonException failure) {
        return new InvalidInputException(problems(failure));
    }

    static InvalidInputException malformed(String message) {
        return new InvalidInputException(new Problem("malformed_json", null, message));
    }

    static InvalidInputException absent(Class<?> type) {
        return new InvalidInputException(
                new Problem("missing_field", null, "Nothing was sent where " + describe(type) + " is needed"));
    }

    private static List<Problem> problems(JacksonException failure) {
        String path = path(failure);
        if (failure.getCause() instanceof InvalidInputException cause) {
            return nested(path, cause);
        }
        return switch (failure) {
            case UnrecognizedPropertyException e -> List.of(Problem.unknownField(path, e.getPropertyName(), known(e)));
            case InvalidTypeIdException e -> List.of(typeId(e, path));
            case InvalidFormatException e -> List.of(new Problem("wrong_type", path, format(e)));
            case MismatchedInputException e -> List.of(mismatch(e, path));
            case InputCoercionException e -> List.of(new Problem("wrong_type", path, syntax(e)));
            case StreamReadException e -> List.of(new Problem("malformed_json", path, syntax(e)));
            case DatabindException e -> List.of(new Problem("wrong_type", path, e.getOriginalMessage()));
            default -> List.of(new Problem("malformed_json", path, failure.getOriginalMessage()));
        };
    }

    private static List<Problem> nested(@Nullable String path, InvalidInputException cause) {
        List<Problem> problems = new ArrayList<>();
        for (Problem problem : cause.problems()) {
            problems.add(new Problem(problem.code(), join(path, problem.field()), problem.message()));
        }
        return problems;
    }

    private static @Nullable String join(@Nullable String path, @Nullable String field) {
        if (path == null || field == null) {
            return path == null ? field : path;
        }
        return path + "." + field;
    }

    private static Collection<String> known(UnrecognizedPropertyException failure) {
        Collection<Object> known = failure.getKnownPropertyIds();
        return known == null ? List.of() : known.stream().map(Object::toString).toList();
    }

    private static Problem typeId(InvalidTypeIdException failure, @Nullable String path) {
        Class<?> base = failure.getBaseType() == null
                ? Object.class
                : failure.getBaseType().getRawClass();
        Optional<Family> family = Family.of(base);
        String discriminator = family.map(Family::discriminator).orElse(null);
        String names =
                family.map(known -> String.join(", ", known.members().keySet())).orElse("");
        String field = join(path, discriminator);
        if (failure.getTypeId() == null) {
            return new Problem("missing_field", field, "This field is required; one of " + names);
        }
        // Jackson has already put the discriminator on the path when it reports a value that it does not know
        String at = path != null && (path.equals(discriminator) || path.endsWith("." + discriminator)) ? path : field;
        return new Problem("unknown_kind", at, "Need one of " + names + ", got " + failure.getTypeId());
    }

    private static String format(InvalidFormatException failure) {
        Class<?> target = failure.getTargetType();
        return "Need " + describe(target) + ", got \"" + failure.getValue() + "\"";
    }

    private static Problem mismatch(MismatchedInputException failure, @Nullable String path) {
        // a component that is not there is noticed only where its object ends
        if (failure.processor() instanceof JsonParser parser
                && (parser.currentToken() == JsonToken.END_OBJECT || parser.currentToken() == JsonToken.VALUE_NULL)) {
            return new Problem("missing_field", path, "This field is required");
        }
        return new Problem("wrong_type", path, "Need " + describe(failure.getTargetType()));
    }

    /** The fault and its place, without the parser's settings. */
    private static String syntax(StreamReadException failure) {
        TokenStreamLocation place = failure.getLocation();
        boolean isKnown = place != null && place.getLineNr() > 0; // a tree has no lines
        return PARSERS_OWN.matcher(failure.getOriginalMessage()).replaceFirst("")
                + (isKnown ? " (line %d, column %d)".formatted(place.getLineNr(), place.getColumnNr()) : "");
    }

    private static String describe(@Nullable Class<?> type) {
        if (type == null) {
            return "a value of another type";
        }
        if (type.isEnum()) {
            List<String> names = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
            }
            return "one of " + String.join(", ", names);
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "a whole number";
        }
        if (type == Double.class || type == double.class) {
            return "a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return "an object";
    }

    private static @Nullable String path(JacksonException failure) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.isEmpty() ? null : path.toString();
    }
}
