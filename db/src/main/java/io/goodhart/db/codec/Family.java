package io.goodhart.db.codec;

import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ScorerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A sealed type whose members are told apart by one field.
 *
 * @param discriminator outside name of that field
 * @param members outside name of each member
 */
public record Family(Class<?> type, String discriminator, Map<String, Class<?>> members) {
    private static final List<Family> ALL = List.of(
            new Family(ArmSpec.class, "method", new TreeMap<>(ArmSpec.methods())),
            new Family(ScorerSpec.class, "kind", new TreeMap<>(ScorerSpec.kinds())),
            new Family(TaskSpec.class, "kind", new TreeMap<>(TaskSpec.kinds())),
            new Family(Scorer.class, "kind", new TreeMap<>(Scorer.kinds())),
            new Family(Objective.class, "kind", new TreeMap<>(Objective.kinds())));

    /** The family with this sealed type. */
    public static Optional<Family> of(Class<?> type) {
        return ALL.stream().filter(family -> family.type == type).findFirst();
    }

    /** The family that a record, or the sealed type itself, belongs to. */
    public static Optional<Family> with(Class<?> type) {
        return ALL.stream().filter(family -> family.type.isAssignableFrom(type)).findFirst();
    }

    /** The outside name of a member. */
    Optional<String> name(Class<?> member) {
        return members.entrySet().stream()
                .filter(entry -> entry.getValue() == member)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
