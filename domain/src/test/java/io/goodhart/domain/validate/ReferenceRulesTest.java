package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ReferenceCurves;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceProbes;
import io.goodhart.domain.spec.ReferenceProbes.Cosine;
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
        ReferenceNumbers numbers = new ReferenceNumbers(0.11, null, 0.866, 0.77, Map.of("wikitext", 37.18), null);

        assertThat(problems(new ReferenceSpec("Table 1", Map.of("dpo", numbers), null)))
                .isEmpty();
    }

    @Test
    void armsAndCorporaThatThereAreNotAreRefusedWithTheNearest() {
        ReferenceNumbers numbers = new ReferenceNumbers(null, null, null, null, Map.of("wikitex", 37.18), null);

        assertThat(problems(new ReferenceSpec("Table 1", Map.of("dpoo", numbers), null)))
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
        ReferenceNumbers numbers = new ReferenceNumbers(11.0, Double.NaN, -0.1, 1.5, Map.of("wikitext", 0.3), null);

        assertThat(problems(new ReferenceSpec(" ", Map.of("dpo", numbers), null)))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "reference.source",
                        "reference.numbers.dpo.rate",
                        "reference.numbers.dpo.auroc_train",
                        "reference.numbers.dpo.auroc_held_out",
                        "reference.numbers.dpo.auroc_retrained",
                        "reference.numbers.dpo.perplexity.wikitext");
        assertThat(problems(new ReferenceSpec("Table 1", Map.of(), null)))
                .extracting(Problem::field)
                .containsExactly("reference.numbers");
    }

    @Test
    void curvesNeedAValueForEachPointOfTheirArm() {
        List<Double> four = List.of(0.4, 0.3, 0.2, 0.1); // the specification has four points of DPO
        ReferenceCurves good =
                new ReferenceCurves(four, List.of(), four, four, Map.of("wikitext", List.of(40.0, 41.0, 42.0, 43.0)));
        ReferenceCurves bad = new ReferenceCurves(
                four.subList(0, 3),
                List.of(0.9, 1.2, 0.8, Double.NaN),
                List.of(),
                List.of(),
                Map.of("wikitext", List.of(40.0, 0.5, 42.0, 43.0), "wiki", four));

        assertThat(problems(new ReferenceSpec("Figure 2", Map.of("dpo", over(good)), null)))
                .isEmpty();
        assertThat(problems(new ReferenceSpec("Figure 2", Map.of("dpo", over(bad)), null)))
                .extracting(Problem::field)
                .contains(
                        "reference.numbers.dpo.over_training.rate",
                        "reference.numbers.dpo.over_training.auroc_train.1",
                        "reference.numbers.dpo.over_training.auroc_train.3",
                        "reference.numbers.dpo.over_training.perplexity.wikitext.1",
                        "reference.numbers.dpo.over_training.perplexity.wiki")
                .doesNotContain("reference.numbers.dpo.over_training.auroc_train.0");
        assertThat(problems(new ReferenceSpec("Figure 2", Map.of("baseline", over(good)), null)))
                .extracting(Problem::message)
                .contains("Needs a value for each of the arm's 0 evaluation points, got 4");
    }

    private static ReferenceNumbers over(ReferenceCurves curves) {
        return new ReferenceNumbers(null, null, null, null, Map.of(), curves);
    }

    @Test
    void probesMayBePublishedAlone() {
        assertThat(problems(probes(20, new Cosine(0.25, 0.17, 0.33)))).isEmpty();
        assertThat(problems(probes(-1, new Cosine(0.35, 0.17, 0.33))))
                .extracting(Problem::field)
                .containsExactly("reference.probes.layer", "reference.probes.cosine");
        assertThat(problems(probes(20, new Cosine(Double.NaN, -1.0, 1.0)))).hasSize(1);
        assertThat(problems(probes(20, new Cosine(0.0, -1.1, 1.0)))).hasSize(1);
        assertThat(problems(probes(20, new Cosine(0.0, -1.0, 1.1)))).hasSize(1);
    }

    private static ReferenceSpec probes(int layer, Cosine cosine) {
        return new ReferenceSpec("Figure 4", Map.of(), new ReferenceProbes(layer, cosine));
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
