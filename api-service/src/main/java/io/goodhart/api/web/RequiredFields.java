package io.goodhart.api.web;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.spec.ExperimentSpec;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a record must be there. Specifications fill what is absent themselves, so their constructors are asked: what
 * one refuses to miss is required. Everywhere else a component is required unless it is nullable.
 */
public final class RequiredFields {
    private static final String FORGIVING = ExperimentSpec.class.getPackageName();

    private RequiredFields() {}

    /** Outside names of the required fields. */
    public static Set<String> of(Class<?> type) {
        Set<String> required = new LinkedHashSet<>();
        if (type.getPackageName().equals(FORGIVING)) {
            construct(type, required);
            return required;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (!WireTypes.isNullable(component)) {
                required.add(WireTypes.fieldName(component.getName()));
            }
        }
        return required;
    }

    /** An instance with nothing but what the constructor asks for, which is added to {@code required}. */
    private static Object construct(Class<?> type, Set<String> required) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        for (int attempt = 0; attempt <= components.length; attempt++) {
            try {
                return constructor(type, components).newInstance(arguments);
            } catch (InvocationTargetException e) {
                int missed = missed(e, components);
                required.add(WireTypes.fieldName(components[missed].getName()));
                arguments[missed] = sample(components[missed].getType());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot construct " + type, e);
            }
        }
        throw new IllegalStateException("The constructor of " + type + " asks for the same field twice");
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components)
            throws NoSuchMethodException {
        return type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    }

    private static int missed(InvocationTargetException failure, RecordComponent[] components) {
        if (failure.getCause() instanceof InvalidInputException refusal) {
            String field = refusal.problems().getFirst().field();
            for (int i = 0; i < components.length; i++) {
                if (WireTypes.fieldName(components[i].getName()).equals(field)) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("A specification's constructor failed unexpectedly", failure);
    }

    /** Any value of a type that occurs in specifications. */
    public static Object sample(Class<?> type) {
        if (type.isRecord()) {
            return construct(type, new LinkedHashSet<>());
        }
        if (type.isSealed()) {
            return sample(type.getPermittedSubclasses()[0]);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        Map<Class<?>, Object> samples = Map.of(
                String.class,
                "",
                Integer.class,
                1,
                Long.class,
                1L,
                Double.class,
                1.0,
                Boolean.class,
                false,
                List.class,
                List.of(),
                Map.class,
                Map.of());
        Object sample = samples.get(type);
        if (sample == null) {
            throw new IllegalStateException("No sample of " + type);
        }
        return sample;
    }
}
