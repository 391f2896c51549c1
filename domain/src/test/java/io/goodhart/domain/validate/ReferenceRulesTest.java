package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceSpec;
import io.goodhart.domain.spec.SeedFactor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReferenceRulesTest {
    private static final ExperimentSpec SPEC = Specs.experiment(
            Specs.arms("baseline", new ArmSpec.None(), "dpo", Specs.dpo(ArmSpec.LabelBy.SCORER, null)), 1L);

    @Test
    void publishedNumbersOfKnownArmsAreAccepted() {
        ReferenceNumbers numbers = new ReferenceNumbers(0.11, null, 0.866, 0.77, Map.of("wikitext", 37.18));

        assertThat(problems(new ReferenceSpec("Table 1", Map.of("dpo", numbers))))
                .isEmpty();
    }

    @Test
    void armsAndCorporaThatThereAreNotAreRefusedWithTheNearest() {
        ReferenceNumbers numbers = new ReferenceNumbers(null, null, null, null, Map.of("wikitex", 37.18));

        assertThat(problems(new ReferenceSpec("Table 1", Map.of("dpoo", numbers))))
                .extracting(Problem::code, Problem::field, Problem::message)
                .containsExactlyInAnyOrder(
                        tuple("unknown_arm", "reference.numbers.dpoo", "There is no arm dpoo; did you mean dpo?"),
                        tuple(
                                "unknown_corpus",
                                "reference.numbers.dpoo.perplexity.wikitex",
                                "There is no corpus wikitex; did you mean wikitext?"));
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        ReferenceNumbers numbers = new ReferenceNumbers(11.0, Double.NaN, -0.1, 1.5, Map.of("wikitext", 0.3));

        assertThat(problems(new ReferenceSpec(" ", Map.of("dpo", numbers))))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "reference.source",
                        "reference.numbers.dpo.rate",
                        "reference.numbers.dpo.auroc_train",
                        "reference.numbers.dpo.auroc_held_out",
                        "reference.numbers.dpo.auroc_retrained",
                        "reference.numbers.dpo.perplexity.wikitext");
        assertThat(problems(new ReferenceSpec("Table 1", Map.of())))
                .extracting(Problem::field)
                .containsExactly("reference.numbers");
    }

    @Test
    void seedsAlwaysVaryTheTrainingAndNothingTwice() {
        assertThat(ValueRules.check(Specs.with(SPEC, List.of(SeedFactor.PROBES, SeedFactor.PROBES), null)))
                .extracting(Problem::code, Problem::field)
                .containsExactly(tuple("contradiction", "seed_varies"), tuple("duplicate", "seed_varies"));
    }

    private static List<Problem> problems(@Nullable ReferenceSpec reference) {
        return ValueRules.check(Specs.with(SPEC, List.of(SeedFactor.TRAINING), reference));
    }
}
