package io.goodhart.api.web;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskKey;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;

/** How the platform's types look outside: the same rules by which its JSON is written and read. */
public final class WireTypes {
    private static final Set<Class<?>> HASHES = Set.of(ArtifactId.class, TaskKey.class);

    private static final Names NAMES = new Names();

    private WireTypes() {}

    /** Whether the type is written as 64 hexadecimal digits. */
    public static boolean isHash(Class<?> type) {
        return HASHES.contains(type);
    }

    public static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("io.goodhart.");
    }

    /** {@code maxNewTokens} is {@code max_new_tokens}. */
    public static String fieldName(String javaName) {
        return NAMES.outside(javaName);
    }

    /** The rule by which the JSON is written. */
    private static final class Names extends PropertyNamingStrategies.SnakeCaseStrategy {
        private static final long serialVersionUID = 1L;

        String outside(String javaName) {
            return translate(javaName);
        }
    }

    public static String enumName(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    /** A type of JSON that a field is read from although it is written as another one, because people write both. */
    public static Optional<String> alsoReadAs(RecordComponent component) {
        return switch (component.getDeclaringRecord().getSimpleName() + "." + component.getName()) {
            case "ProbeSpec.layer" -> Optional.of("integer");
            case "AdapterSpec.targetModules", "TrainingSpec.lossType" -> Optional.of("string");
            default -> Optional.empty();
        };
    }

    public static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
