package io.goodhart.domain.validate;

import io.goodhart.domain.NearMiss;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceSpec;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Rules about published numbers: they belong to arms and corpora that there are. */
final class ReferenceRules {
    private static final int MAX_SOURCE = 300;
    private static final String FIELD = "reference";

    private final ExperimentSpec spec;
    private final Problems problems;

    private ReferenceRules(ExperimentSpec spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
    }

    static void check(ExperimentSpec spec, Problems problems) {
        ReferenceSpec reference = spec.reference();
        if (reference != null) {
            new ReferenceRules(spec, problems).check(reference);
        }
    }

    private void check(ReferenceSpec reference) {
        String source = reference.source();
        problems.require(
                !source.isBlank()
                        && source.length() <= MAX_SOURCE
                        && source.chars().noneMatch(Character::isISOControl),
                FIELD + ".source",
                "Needs 1 to %d characters without control characters".formatted(MAX_SOURCE));
        problems.require(!reference.numbers().isEmpty(), FIELD + ".numbers", "Name at least one arm");
        reference.numbers().forEach((arm, numbers) -> {
            String field = FIELD + ".numbers." + arm;
            known(arm, spec.arms().keySet(), "arm", field);
            check(numbers, field);
        });
    }

    private void check(ReferenceNumbers numbers, String field) {
        share(numbers.rate(), field + ".rate");
        share(numbers.aurocTrain(), field + ".auroc_train");
        share(numbers.aurocHeldOut(), field + ".auroc_held_out");
        share(numbers.aurocRetrained(), field + ".auroc_retrained");
        numbers.perplexity().forEach((corpus, value) -> {
            String at = field + ".perplexity." + corpus;
            known(corpus, spec.evaluation().perplexity().keySet(), "corpus", at);
            problems.require(value >= 1 && Double.isFinite(value), at, "Must be 1 or more, got " + value);
        });
    }

    private void known(String name, Collection<String> names, String what, String field) {
        if (!names.contains(name)) {
            problems.add(
                    "unknown_" + what,
                    field,
                    "There is no %s %s%s"
                            .formatted(
                                    what,
                                    name,
                                    NearMiss.of(name, names)
                                            .map("; did you mean %s?"::formatted)
                                            .orElse("")));
        }
    }

    private void share(@Nullable Double value, String field) {
        if (value != null) {
            problems.within(value, 0, 1, field);
        }
    }
}
