package io.goodhart.api.openapi;

import com.fasterxml.jackson.databind.JavaType;
import io.goodhart.api.web.RequiredFields;
import io.goodhart.api.web.WireTypes;
import io.goodhart.db.codec.Family;
import io.goodhart.domain.spec.ExperimentSpec;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Schemas of the platform's records, enums and sealed types. A sealed type is a {@code oneOf} with a discriminator and its
 * mapping; the discriminator is a plain string in each member, because generated clients do not compile otherwise. Names are
 * those of the JSON; what is required follows {@link RequiredFields}.
 */
final class WireSchemas implements ModelConverter {
    private static final String SPECIFICATIONS = ExperimentSpec.class.getPackageName();
    private static final String HASH = "^[0-9a-f]{64}$";

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType javaType = Json31.mapper().constructType(type.getType());
        if (javaType != null && JsonNode.class.isAssignableFrom(javaType.getRawClass())) {
            return new JsonSchema();
        }
        if (javaType != null && WireTypes.isOurs(javaType.getRawClass())) {
            return ours(javaType, context);
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    private Schema<?> ours(JavaType type, ModelConverterContext context) {
        Class<?> raw = type.getRawClass();
        if (WireTypes.isHash(raw)) {
            return text().pattern(HASH);
        }
        if (raw.isEnum()) {
            return enumeration(raw);
        }
        String name = name(type);
        if (!context.getDefinedModels().containsKey(name)) {
            Schema<?> schema = new JsonSchema();
            schema.setName(name);
            context.defineModel(name, schema); // first, so that a type may contain itself
            Family.of(raw)
                    .ifPresentOrElse(
                            family -> fillFamily(schema, family, context), () -> fillRecord(schema, type, context));
        }
        return reference(name);
    }

    private static Schema<?> enumeration(Class<?> type) {
        Schema<Object> schema = new JsonSchema();
        schema.setTypes(Set.of("string"));
        schema.setEnum(Arrays.stream(type.getEnumConstants())
                .<Object>map(WireTypes::enumName)
                .toList());
        return schema;
    }

    private void fillFamily(Schema<?> schema, Family family, ModelConverterContext context) {
        Discriminator discriminator = new Discriminator().propertyName(family.discriminator());
        List<Schema<?>> members = new ArrayList<>();
        family.members().forEach((name, member) -> {
            JavaType type = Json31.mapper().constructType(member);
            members.add(ours(type, context));
            discriminator.mapping(name, Components.COMPONENTS_SCHEMAS_REF + name(type));
        });
        members.forEach(schema::addOneOfItem);
        schema.setDiscriminator(discriminator);
    }

    private void fillRecord(Schema<?> schema, JavaType type, ModelConverterContext context) {
        Class<?> raw = type.getRawClass();
        if (!raw.isRecord()) {
            throw new IllegalStateException(raw + " crosses the border, but is neither a record, an enum nor sealed");
        }
        schema.setTypes(Set.of("object"));
        List<String> required = new ArrayList<>();
        Family.with(raw).ifPresent(family -> {
            schema.addProperty(family.discriminator(), text());
            required.add(family.discriminator());
        });
        for (RecordComponent component : raw.getRecordComponents()) {
            schema.addProperty(WireTypes.fieldName(component.getName()), property(component, type, context));
        }
        required.addAll(RequiredFields.of(raw));
        if (!required.isEmpty()) {
            schema.setRequired(required);
        }
        if (raw.getPackageName().equals(SPECIFICATIONS)) {
            schema.setAdditionalProperties(false);
        }
    }

    private Schema<?> property(RecordComponent component, JavaType owner, ModelConverterContext context) {
        JavaType type =
                Json31.mapper().getTypeFactory().resolveMemberType(component.getGenericType(), owner.getBindings());
        Schema<?> schema = type.isCollectionLikeType()
                        && WireTypes.isOurs(type.getContentType().getRawClass())
                ? array(ours(
                        type.getContentType(), context)) // the library's context knows no list of the type it is in
                : context.resolve(new AnnotatedType(type).resolveAsRef(true));
        if (schema == null) {
            throw new IllegalStateException("No schema for " + component);
        }
        List<String> others = new ArrayList<>();
        WireTypes.alsoReadAs(component).ifPresent(others::add);
        if (WireTypes.isNullable(component)) {
            others.add("null");
        }
        return others.isEmpty() || schema.getTypes() == null ? schema : widened(schema, others);
    }

    /** A copy that may have other types too; the schema itself is shared by every property of its type. */
    private static Schema<?> widened(Schema<?> schema, List<String> others) {
        @SuppressWarnings("unchecked") // values of an enumeration are of no particular type
        Schema<Object> copy = (Schema<Object>) AnnotationsUtils.clone(schema, true);
        Set<String> types = new LinkedHashSet<>(schema.getTypes());
        types.addAll(others);
        copy.setTypes(types);
        if (copy.getEnum() != null && others.contains("null")) {
            List<@Nullable Object> values = new ArrayList<>(copy.getEnum());
            values.add(null); // without it the enumeration would forbid what the type allows
            copy.setEnum(values);
        }
        return copy;
    }

    private static Schema<?> array(Schema<?> items) {
        Schema<?> schema = new JsonSchema();
        schema.setTypes(Set.of("array"));
        schema.setItems(items);
        return schema;
    }

    private static Schema<?> text() {
        Schema<?> schema = new JsonSchema();
        schema.setTypes(Set.of("string"));
        return schema;
    }

    private static Schema<?> reference(String name) {
        return new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + name);
    }

    /** {@code ArmSpec.Dpo} is {@code ArmSpecDpo}, {@code Page<RunView>} is {@code PageOfRun}. */
    private static String name(JavaType type) {
        StringBuilder name = new StringBuilder();
        for (@Nullable Class<?> at = type.getRawClass(); at != null; at = at.getEnclosingClass()) {
            name.insert(0, at.getSimpleName());
        }
        String base = name.toString().replaceFirst("View$", "");
        String arguments = String.join(
                "And",
                type.getBindings().getTypeParameters().stream()
                        .map(WireSchemas::name)
                        .toList());
        return arguments.isEmpty() ? base : base + "Of" + arguments;
    }
}
