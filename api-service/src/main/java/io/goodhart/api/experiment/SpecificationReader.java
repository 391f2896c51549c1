package io.goodhart.api.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.ExperimentSpec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a specification from JSON or YAML and names everything that is wrong with its form at once: what is refused is noted,
 * taken out of the tree, and the rest is read again.
 */
final class SpecificationReader {
    /** After so many problems the author has seen enough. */
    private static final int MOST_PROBLEMS = 50;

    private static final Set<String> UNREADABLE = Set.of("malformed_json", "malformed_yaml", "empty_body");

    private SpecificationReader() {}

    /** @throws InvalidInputException with every problem of form */
    static ExperimentSpec read(byte[] body, @Nullable MediaType type) {
        return read(tree(text(body), type));
    }

    private static ExperimentSpec read(JsonNode tree) {
        List<Problem> problems = new ArrayList<>(FieldCheck.complete(tree, ExperimentSpec.class));
        boolean progress = true;
        while (progress && problems.size() < MOST_PROBLEMS) {
            try {
                ExperimentSpec spec = GoodhartJson.readTree(ExperimentSpec.class, tree);
                if (problems.isEmpty()) {
                    return spec;
                }
                progress = false;
            } catch (InvalidInputException e) {
                problems.addAll(e.problems());
                progress = e.problems().stream()
                                .filter(problem -> takeOut(tree, problem))
                                .count()
                        > 0;
                FieldCheck.complete(tree, ExperimentSpec.class); // what was taken out is not called missing
            }
        }
        throw new InvalidInputException(problems);
    }

    private static boolean takeOut(JsonNode tree, Problem problem) {
        String field = problem.field() == null ? "" : withoutIndex(problem.field());
        // without its kind an object cannot be read at all; a missing field was filled in, so it can only be a kind
        boolean whole = problem.code().equals("unknown_kind") || problem.code().equals("missing_field");
        return remove(tree, whole ? parent(field) : field);
    }

    /** Whether the body could not even be taken apart; otherwise it was read and then refused. */
    static boolean isUnreadable(InvalidInputException refusal) {
        return refusal.problems().stream().anyMatch(problem -> UNREADABLE.contains(problem.code()));
    }

    private static String text(byte[] body) {
        if (body.length == 0) {
            throw new InvalidInputException(new Problem("empty_body", null, "The request needs a body"));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(new Problem("malformed_json", null, "The body is not UTF-8"));
        }
    }

    private static JsonNode tree(String text, @Nullable MediaType type) {
        JsonNode tree = isYaml(type) ? GoodhartJson.mapper().valueToTree(YamlTree.read(text)) : GoodhartJson.tree(text);
        if (!(tree instanceof ObjectNode)) {
            throw new InvalidInputException(
                    new Problem("wrong_type", null, "A specification is an object with fields, not a single value"));
        }
        return tree;
    }

    private static boolean isYaml(@Nullable MediaType type) {
        return type != null && type.getSubtype().endsWith("yaml");
    }

    /** Lists are taken out whole: {@code seeds[1]} is {@code seeds}. */
    private static String withoutIndex(String field) {
        int bracket = field.indexOf('[');
        return bracket < 0 ? field : field.substring(0, bracket);
    }

    private static String parent(String field) {
        return field.substring(0, Math.max(0, field.lastIndexOf('.')));
    }

    /** Takes the value at a dotted path out of the tree; names may contain dots. */
    private static boolean remove(@Nullable JsonNode node, String path) {
        if (!(node instanceof ObjectNode object)) {
            return false;
        }
        for (String name : List.copyOf(object.propertyNames())) {
            if (path.equals(name)) {
                return object.remove(name) != null;
            }
            if (path.startsWith(name + ".") && remove(object.get(name), path.substring(name.length() + 1))) {
                return true;
            }
        }
        return false;
    }
}
