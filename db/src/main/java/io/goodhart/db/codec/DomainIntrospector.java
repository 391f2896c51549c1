package io.goodhart.db.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ScorerSpec;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    private static final List<Family> FAMILIES = List.of(
            new Family(ArmSpec.class, "method", ArmSpec.methods()),
            new Family(ScorerSpec.class, "kind", ScorerSpec.kinds()),
            new Family(TaskSpec.class, "kind", TaskSpec.kinds()),
            new Family(Scorer.class, "kind", Scorer.kinds()),
            new Family(Objective.class, "kind", Objective.kinds()));

    /** Specifications fill absent values themselves; everywhere else a component is required unless it is nullable. */
    private static final String FORGIVING = ExperimentSpec.class.getPackageName();

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        if (!(annotated instanceof AnnotatedClass)) {
            return super.findPolymorphicTypeInfo(config, annotated);
        }
        for (Family family : FAMILIES) {
            if (family.type().isAssignableFrom(annotated.getRawType())) {
                return JsonTypeInfo.Value.construct(
                        JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, family.discriminator(), null, false, true);
            }
        }
        return super.findPolymorphicTypeInfo(config, annotated);
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
        for (Family family : FAMILIES) {
            if (family.type() == annotated.getRawType()) {
                List<NamedType> named = new ArrayList<>();
                family.members().forEach((name, type) -> named.add(new NamedType(type, name)));
                return named;
            }
        }
        return super.findSubtypes(config, annotated);
    }

    @Override
    public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass annotated) {
        for (Family family : FAMILIES) {
            for (Map.Entry<String, ? extends Class<?>> member : family.members().entrySet()) {
                if (member.getValue() == annotated.getRawType()) {
                    return member.getKey();
                }
            }
        }
        return super.findTypeName(config, annotated);
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

    /** The field that tells members of a sealed type apart. */
    static @Nullable String discriminator(Class<?> type) {
        return FAMILIES.stream()
                .filter(family -> family.type() == type)
                .findFirst()
                .map(Family::discriminator)
                .orElse(null);
    }

    /** The outside names of a sealed type's members. */
    static Set<String> names(Class<?> type) {
        return FAMILIES.stream()
                .filter(family -> family.type() == type)
                .findFirst()
                .<Set<String>>map(family -> family.members().keySet())
                .orElse(Set.of());
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

    /** A sealed type whose members are told apart by one field. */
    private record Family(Class<?> type, String discriminator, Map<String, ? extends Class<?>> members) {}
}
