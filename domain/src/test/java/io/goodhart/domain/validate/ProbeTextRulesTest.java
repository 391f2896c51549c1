package io.goodhart.domain.validate;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProbeTextRulesTest {
    private static final int NEEDED = 400; // five probes of 60 and 20 texts

    @Test
    void whatIsOnlyForResponsesIsRefused() {
        assertThat(ValueRules.check(spec(true, probes -> {}))).isEmpty();
        assertThat(ValueRules.check(spec(true, probes -> probes.samplesPerPrompt = 1)))
                .extracting(Problem::code, Problem::field)
                .containsExactly(tuple("contradiction", "probes.samples_per_prompt"));
        assertThat(ValueRules.check(spec(true, probes -> probes.responses = ResponseSpec.DEFAULTS)))
                .extracting(Problem::code, Problem::field)
                .containsExactly(tuple("contradiction", "probes.responses"));
    }

    @Test
    void balancedSubsetsAreEven() {
        Consumer<ProbeFields> odd = probes -> {
            probes.examples = 61;
            probes.calibration = 21;
        };
        assertThat(ValueRules.check(spec(false, odd))).isEmpty();
        assertThat(ValueRules.check(spec(true, odd)))
                .extracting(Problem::code, Problem::field)
                .containsExactly(tuple("out_of_range", "probes.examples"), tuple("out_of_range", "probes.calibration"));
    }

    @Test
    void filterIsCheckedAsEverywhere() {
        Filter nothing = new Filter("a", null, null, null, null, null, null, null, null, null);
        assertThat(ValueRules.check(spec(
                        false,
                        probes ->
                                probes.labelledTexts = new ProbeTextSpec("f", "text", "toxic", null, nothing, false))))
                .extracting(Problem::field)
                .containsExactly("probes.labelled_texts.where");
    }

    @Test
    void dataWithTooFewTextsOrOneClassIsRefused() {
        assertThat(check(false, new TextFacts(NEEDED, 1, NEEDED, 256, 0)).problems())
                .isEmpty();
        assertRefused(
                false,
                new TextFacts(NEEDED - 1, 100, NEEDED, 256, 0),
                "data_too_small",
                "probes.labelled_texts.dataset");
        assertRefused(false, new TextFacts(NEEDED, 0, NEEDED, 256, 0), "one_class", "probes.labelled_texts.label");
        assertRefused(false, new TextFacts(NEEDED, NEEDED, NEEDED, 256, 0), "one_class", "probes.labelled_texts.label");
        assertThat(check(true, new TextFacts(NEEDED, NEEDED / 2, NEEDED, 256, 0))
                        .problems())
                .isEmpty();
        assertRefused(
                true,
                new TextFacts(NEEDED + 1, NEEDED / 2 - 1, NEEDED, 256, 0),
                "data_too_small",
                "probes.labelled_texts.dataset");
    }

    @Test
    void namedLabelsAreToldOfByName() {
        ExperimentSpec spec = spec(false, probes -> probes.labelledTexts = named(List.of("Toxic", "Insult")));
        assertThat(ValueRules.check(spec)).isEmpty();
        assertThat(FileRules.check(spec, facts(10_000, new TextFacts(NEEDED, NEEDED, NEEDED, 256, 0)))
                        .problems())
                .extracting(Problem::message)
                .containsExactly("A probe needs texts of both classes, and every label is one of Insult, Toxic");
        for (List<String> nothing : List.of(List.<String>of(), List.of(" "))) {
            assertThat(ValueRules.check(spec(false, probes -> probes.labelledTexts = named(nothing))))
                    .extracting(Problem::code, Problem::field)
                    .containsExactly(tuple("out_of_range", "probes.labelled_texts.positive"));
        }
    }

    private static ProbeTextSpec named(List<String> positive) {
        return new ProbeTextSpec("data/wiki.jsonl", "text", "toxic", positive, null, false);
    }

    @Test
    void textsThatAreCutAreWarnedOf() {
        assertThat(check(false, new TextFacts(NEEDED, 100, NEEDED, 256, 7)).warnings())
                .filteredOn(warning -> "probes.labelled_texts".equals(warning.field()))
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).startsWith("7 of 400 texts"));
    }

    @Test
    void noPromptIsNeededForProbes() {
        ExperimentSpec spec = spec(false, probes -> {});
        ValidationFacts facts = facts(550, new TextFacts(NEEDED, 100, NEEDED, 256, 0)); // 300 evaluate, 250 make pairs
        assertThat(FileRules.check(spec, facts).problems()).isEmpty();
        assertThat(FileRules.check(spec, facts(549, new TextFacts(NEEDED, 100, NEEDED, 256, 0)))
                        .problems())
                .extracting(Problem::field)
                .containsExactly("prompts.dataset");
    }

    @Test
    void keptTokensOfATextCountMoreThanThoseOfAResponse() {
        ExperimentSpec spec = spec(false, probes -> probes.pooling = Pooling.PER_TOKEN);
        assertThat(KeptTokens.of(spec, Specs.facts().model()).fitTokens()).isEqualTo((80L + 20) * 256); // 20 calibrate
    }

    private static void assertRefused(boolean balanced, TextFacts texts, String code, String field) {
        assertThat(check(balanced, texts).problems())
                .extracting(Problem::code, Problem::field)
                .containsExactly(tuple(code, field));
    }

    private static Validation check(boolean balanced, TextFacts texts) {
        return FileRules.check(spec(balanced, probes -> {}), facts(10_000, texts));
    }

    private static ValidationFacts facts(int prompts, TextFacts texts) {
        ValidationFacts facts = Specs.validationFacts(prompts, 20, OptionalLong.of(64L << 30));
        return new ValidationFacts(
                facts.model(),
                facts.classifier(),
                facts.prompts(),
                Map.of(
                        "texts",
                        facts.texts("texts"),
                        "evaluation.perplexity.wikitext",
                        facts.texts("evaluation.perplexity.wikitext"),
                        "probes.labelled_texts",
                        texts),
                Optional.empty(),
                facts.workerMemoryBytes());
    }

    private static ExperimentSpec spec(boolean balanced, Consumer<ProbeFields> change) {
        return Specs.experiment(
                arms("baseline", new ArmSpec.None()),
                ProbeFields.probes(probes -> {
                    probes.samplesPerPrompt = null;
                    probes.labelledTexts = new ProbeTextSpec("data/wiki.jsonl", "text", "toxic", null, null, balanced);
                    change.accept(probes);
                }),
                TrainingSpec.EMPTY,
                List.of(1L));
    }
}
