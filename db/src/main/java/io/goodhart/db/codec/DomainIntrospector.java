package io.goodhart.db.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.goodhart.domain.spec.ExperimentSpec;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Reads from the domain what Jackson otherwise takes from annotations, so that the domain stays plain Java: discriminators
 * of sealed types, enum names, and which components must be there.
 */
final class DomainIntrospector extends JacksonAnnotationIntrospector {
    /** Specifications fill absent values themselves; everywhere else a component is required unless it is nullable. */
    private static final String FORGIVING = ExperimentSpec.class.getPackageName();

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        if (!(annotated instanceof AnnotatedClass)) {
            return super.findPolymorphicTypeInfo(config, annotated);
        }
        Optional<Family> family = Family.with(annotated.getRawType());
        if (family.isEmpty()) {
            return super.findPolymorphicTypeInfo(config, annotated);
        }
        return JsonTypeInfo.Value.construct(
                JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, family.get().discriminator(), null, false, true);
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
        Optional<Family> family = Family.of(annotated.getRawType());
        if (family.isEmpty()) {
            return super.findSubtypes(config, annotated);
        }
        List<NamedType> named = new ArrayList<>();
        family.get().members().forEach((name, type) -> named.add(new NamedType(type, name)));
        return named;
    }

    @Override
    public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass annotated) {
        Optional<String> name =
                Family.with(annotated.getRawType()).flatMap(family -> family.name(annotated.getRawType()));
        return name.isPresent() ? name.get() : super.findTypeName(config, annotated);
    }

    @Override
    public String[] findEnumValues(
            MapperConfig<?> config, AnnotatedClass annotated, Enum<?>[] values, @Nullable String[] names) {
        String[] found = super.findEnumValues(config, annotated, values, names);
        for (int i = 0; i < values.length; i++) {
            if (found[i] == null) {
                found[i] = values[i].name().toLowerCase(Locale.ROOT);
            }
        }
        return found;
    }

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        if (member instanceof AnnotatedParameter parameter
                && member.getDeclaringClass().isRecord()
                && member.getDeclaringClass().getName().startsWith("io.goodhart.")) {
            RecordComponent component = member.getDeclaringClass().getRecordComponents()[parameter.getIndex()];
            return isRequired(component);
        }
        return super.hasRequiredMarker(config, member);
    }

    private static boolean isRequired(RecordComponent component) {
        if (component.getType().isPrimitive()) {
            return true;
        }
        return !component.getDeclaringRecord().getPackageName().equals(FORGIVING)
                && !isNullable(component.getAnnotatedType());
    }

    private static boolean isNullable(AnnotatedType type) {
        return Arrays.stream(type.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(Nullable.class::equals);
    }
}
