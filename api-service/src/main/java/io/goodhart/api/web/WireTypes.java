package io.goodhart.api.web;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ScorerSpec;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the platform's types look outside: the same rules by which its JSON is written and read. */
public final class WireTypes {
    private static final List<Family> FAMILIES = List.of(
            new Family(ArmSpec.class, "method", new TreeMap<>(ArmSpec.methods())),
            new Family(ScorerSpec.class, "kind", new TreeMap<>(ScorerSpec.kinds())),
            new Family(Scorer.class, "kind", new TreeMap<>(Scorer.kinds())),
            new Family(Objective.class, "kind", new TreeMap<>(Objective.kinds())),
            new Family(TaskSpec.class, "kind", new TreeMap<>(TaskSpec.kinds())));

    private static final Set<Class<?>> HASHES = Set.of(ArtifactId.class, TaskKey.class);

    private WireTypes() {}

    /** A sealed type whose members are told apart by one field. */
    public record Family(Class<?> type, String discriminator, Map<String, ? extends Class<?>> members) {}

    public static Optional<Family> family(Class<?> type) {
        return FAMILIES.stream().filter(family -> family.type() == type).findFirst();
    }

    /** The family that a record is a member of. */
    public static Optional<Family> familyOfMember(Class<?> member) {
        return FAMILIES.stream()
                .filter(family -> family.members().containsValue(member))
                .findFirst();
    }

    /** Whether the type is written as 64 hexadecimal digits. */
    public static boolean isHash(Class<?> type) {
        return HASHES.contains(type);
    }

    public static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("io.goodhart.");
    }

    /** {@code maxNewTokens} is {@code max_new_tokens}, as Jackson's snake case strategy has it. */
    public static String fieldName(String javaName) {
        StringBuilder out = new StringBuilder();
        boolean wasUpper = false;
        for (int i = 0; i < javaName.length(); i++) {
            char c = javaName.charAt(i);
            boolean upper = Character.isUpperCase(c);
            if (upper && !wasUpper && i > 0) {
                out.append('_');
            }
            out.append(Character.toLowerCase(c));
            wasUpper = upper;
        }
        return out.toString();
    }

    public static String enumName(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    /** A type of JSON that a field is read from although it is written as another one, because people write both. */
    public static Optional<String> alsoReadAs(RecordComponent component) {
        return switch (component.getDeclaringRecord().getSimpleName() + "." + component.getName()) {
            case "ProbeSpec.layer" -> Optional.of("integer");
            case "AdapterSpec.targetModules" -> Optional.of("string");
            default -> Optional.empty();
        };
    }

    public static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
