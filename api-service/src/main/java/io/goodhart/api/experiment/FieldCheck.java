package io.goodhart.api.experiment;

import io.goodhart.api.web.RequiredFields;
import io.goodhart.api.web.WireTypes;
import io.goodhart.db.codec.Family;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.Problem;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds every field of a tree that its type does not have, and every field that its type requires and the tree lacks. Reading
 * alone would stop at the first one. What should not be there is taken out of the tree and what is missing is put in with any
 * value, so that the rest can be read.
 */
final class FieldCheck {
    private final List<Problem> problems = new ArrayList<>();

    private FieldCheck() {}

    /** Completes the tree; answers what was wrong. */
    static List<Problem> complete(JsonNode tree, Class<? extends Record> type) {
        FieldCheck check = new FieldCheck();
        check.look(tree, type, "");
        return check.problems;
    }

    private void look(@Nullable JsonNode node, Type type, String path) {
        if (node == null || !(node.isObject() || node.isArray())) {
            return;
        }
        if (type instanceof ParameterizedType generic) {
            lookInto(node, generic, path);
        } else if (type instanceof Class<?> raw && node.isObject()) {
            member(node, raw).ifPresent(member -> lookAt((ObjectNode) node, member, path));
        }
    }

    private void lookInto(JsonNode node, ParameterizedType generic, String path) {
        Type[] arguments = generic.getActualTypeArguments();
        if (generic.getRawType() == Map.class && node instanceof ObjectNode entries) {
            for (String name : List.copyOf(entries.propertyNames())) {
                if (entries.get(name).isNull()) {
                    missing(join(path, name));
                    entries.remove(name);
                } else {
                    look(entries.get(name), arguments[1], join(path, name));
                }
            }
        } else if (generic.getRawType() == List.class && node instanceof ArrayNode elements) {
            for (int i = 0; i < elements.size(); i++) {
                if (elements.get(i).isNull()) {
                    missing(path + "[" + i + "]");
                } else {
                    look(elements.get(i), arguments[0], path + "[" + i + "]");
                }
            }
            elements.removeIf(JsonNode::isNull);
        }
    }

    private void missing(String path) {
        problems.add(new Problem("missing_field", path, "This entry has no value"));
    }

    /** The record that an object is read as, if that can be told. */
    private static Optional<Class<?>> member(JsonNode node, Class<?> type) {
        Optional<Family> family = Family.of(type);
        if (family.isPresent()) {
            JsonNode kind = node.get(family.get().discriminator());
            return Optional.ofNullable(kind)
                    .filter(JsonNode::isString)
                    .map(name -> family.get().members().get(name.asString()));
        }
        return type.isRecord() && WireTypes.isOurs(type) ? Optional.of(type) : Optional.empty();
    }

    private void lookAt(ObjectNode node, Class<?> type, String path) {
        Map<String, Type> known = new TreeMap<>();
        Family.with(type).ifPresent(family -> known.put(family.discriminator(), String.class));
        Set<String> required = RequiredFields.of(type);
        for (RecordComponent component : type.getRecordComponents()) {
            String name = WireTypes.fieldName(component.getName());
            known.put(name, component.getGenericType());
            if (required.contains(name) && !node.hasNonNull(name)) {
                problems.add(new Problem("missing_field", join(path, name), "This field is required"));
                node.set(name, GoodhartJson.mapper().valueToTree(RequiredFields.sample(component.getType())));
            }
        }
        for (String name : List.copyOf(node.propertyNames())) {
            Type fieldType = known.get(name);
            if (fieldType == null) {
                problems.add(Problem.unknownField(join(path, name), name, known.keySet()));
                node.remove(name);
            } else {
                look(node.get(name), fieldType, join(path, name));
            }
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
