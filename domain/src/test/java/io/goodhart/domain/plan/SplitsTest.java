package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.domain.spec.TextSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.FileRules;
import io.goodhart.domain.validate.PairFacts;
import io.goodhart.domain.validate.ValidationFacts;
import io.goodhart.domain.validate.ValueRules;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitsTest {
    private static final ArmSpec BASE = new ArmSpec.None();
    private static final Map<String, ArmSpec> SFT = arms("baseline", BASE, "sft", new ArmSpec.Sft(TrainingSpec.EMPTY));
    private static final Map<String, ArmSpec> READ = arms("baseline", BASE, "read", dpo(LabelBy.DATASET, null));

    @Test
    void labelledTextsAreDrawnFromWhatSftLeavesOfTheirFile() {
        assertThat(labelled(SFT, "data/texts.jsonl").excluding())
                .isEqualTo(
                        splits(withLabelled(SFT, "data/texts.jsonl")).training().orElseThrow());
        assertThat(labelled(SFT, "data/wiki.jsonl").excluding()).isNull();
        assertThat(labelled(READ, "data/texts.jsonl").excluding()).isNull();
    }

    private static TextSlice labelled(Map<String, ArmSpec> arms, String dataset) {
        return splits(withLabelled(arms, dataset)).labelled().orElseThrow();
    }

    private static ExperimentSpec withLabelled(Map<String, ArmSpec> arms, String dataset) {
        LabelledTextSpec texts = new LabelledTextSpec(dataset, "text", "toxic", null, 20, true);
        return Specs.withEvaluation(Specs.experiment(arms, 1L), new EvaluationSpec(300, 50, 4, 3, Map.of(), 40, texts));
    }

    @Test
    void corpusFromTheFileThatSftReadsIsDrawnFromWhatThatLeaves() {
        Splits same = splits(withCorpus(SFT, "data/texts.jsonl"));
        assertThat(Objects.requireNonNull(same.corpora().get("wikitext")).excluding())
                .isEqualTo(same.training().orElseThrow());
        Splits other = splits(withCorpus(SFT, "data/wiki.jsonl"));
        assertThat(Objects.requireNonNull(other.corpora().get("wikitext")).excluding())
                .isNull();
        Splits untrained = splits(withCorpus(arms("baseline", BASE), "data/texts.jsonl"));
        assertThat(Objects.requireNonNull(untrained.corpora().get("wikitext")).excluding())
                .isNull();
    }

    @Test
    void pairsFromThePromptsFileAreDrawnFromWhatTheEvaluationLeaves() {
        ExperimentSpec spec = Specs.experiment(READ, 1L);
        Splits same = splits(Specs.withPairs(spec, pairs("data/prompts.jsonl", 40)));
        assertThat(same.pairs().orElseThrow().excluding())
                .isEqualTo(same.prompts().evaluation().bare());
        Splits other = splits(Specs.withPairs(spec, pairs("data/texts.jsonl", 40)));
        assertThat(other.pairs().orElseThrow().excluding()).isNull();
    }

    @Test
    void armThatReadsPairsSamplesNoneAndTrainsOnThem() {
        ExperimentSpec spec = Specs.withPairs(Specs.experiment(READ, 1L, 2L), pairs("data/texts.jsonl", 40));
        Plan plan = Planner.plan(spec, Specs.facts(), Set.of());

        List<PlannedTask> read = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.ReadPairs)
                .toList();
        assertThat(read).hasSize(1);
        assertThat(plan.tasks()).noneMatch(task -> task.spec() instanceof TaskSpec.LogProbs);
        assertThat(plan.tasks().stream().filter(task -> task.spec() instanceof TaskSpec.Train))
                .hasSize(2)
                .allMatch(task ->
                        read.getFirst().output("pairs").equals(task.inputs().get("pairs")));
        assertThat(read.getFirst().spec().datasets())
                .containsExactly(Specs.facts().dataset("data/texts.jsonl"));
    }

    @Test
    void pairsOfADataSetNeedTheSetAndSampledOnesPrompts() {
        ExperimentSpec spec = Specs.experiment(READ, 1L);
        assertThat(ValueRules.check(spec)).extracting(Problem::field).containsExactly("pairs.dataset");
        assertThat(ValueRules.check(Specs.withPairs(spec, pairs("data/texts.jsonl", 40))))
                .isEmpty();
        assertThat(ValueRules.check(Specs.withPairs(spec, pairs("data/texts.jsonl", 0))))
                .extracting(Problem::field)
                .containsExactly("pairs.examples");
        ExperimentSpec sampled = Specs.experiment(arms("baseline", BASE, "dpo", dpo(LabelBy.SCORER, null)), 1L);
        assertThat(ValueRules.check(Specs.withPairs(sampled, PairSpec.sampled(0, 5, 0))))
                .extracting(Problem::field)
                .containsExactly("pairs.prompts");
    }

    @Test
    void tooFewAndTooLongPairsAreRefusedAndCutOnesWarnedOf() {
        ExperimentSpec spec = Specs.withPairs(Specs.experiment(READ, 1L), pairs("data/texts.jsonl", 40));
        assertThat(FileRules.check(spec, facts(new PairFacts(39, 0, 10, 256, 0)))
                        .problems())
                .extracting(Problem::field)
                .containsExactly("pairs.examples");
        assertThat(FileRules.check(spec, facts(new PairFacts(40, 40, 1_000_000, 256, 0)))
                        .problems())
                .extracting(Problem::code)
                .contains("prompt_too_long");
        assertThat(FileRules.check(spec, facts(new PairFacts(50, 40, 10, 256, 3)))
                        .warnings())
                .filteredOn(problem -> problem.code().equals("truncated") && "pairs.dataset".equals(problem.field()))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("3 of 40 pairs");
    }

    @Test
    void filterWithoutAConditionOrWithOneThatContradictsItselfIsRefused() {
        assertThat(filtered(new Filter("a", null, null, null, null, null, null, null, null, null)))
                .containsExactly("prompts.where");
        assertThat(filtered(new Filter("a", null, null, null, List.of(), 5, 4, -1, null, null)))
                .containsExactlyInAnyOrder("prompts.where.one_of", "prompts.where", "prompts.where.min_characters");
        assertThat(filtered(new Filter(
                        "a", null, null, "x", null, null, null, null, null, List.of(Filter.range("b", 2.0, 1.0)))))
                .containsExactly("prompts.where.and[0]");
    }

    private static List<String> filtered(Filter filter) {
        ExperimentSpec spec = Specs.withPrompts(
                Specs.experiment(SFT, 1L), new PromptSpec("data/prompts.jsonl", "text", filter, null, "{text}"));
        return ValueRules.check(spec).stream()
                .map(problem -> Objects.requireNonNull(problem.field()))
                .toList();
    }

    private static Splits splits(ExperimentSpec spec) {
        return Splits.of(spec, Specs.facts());
    }

    private static ExperimentSpec withCorpus(Map<String, ArmSpec> arms, String dataset) {
        return Specs.withEvaluation(
                Specs.experiment(arms, 1L),
                new EvaluationSpec(
                        300, 50, 4, 3, Map.of("wikitext", new TextSpec(dataset, "text", null, 80)), 40, null));
    }

    private static PairSpec pairs(String dataset, int examples) {
        return new PairSpec(0, 5, 0.0, null, dataset, "prompt", "chosen", "rejected", null, examples);
    }

    private static ValidationFacts facts(PairFacts pairs) {
        ValidationFacts facts = Specs.validationFacts(10_000, 20, OptionalLong.of(64L << 30));
        return new ValidationFacts(
                facts.model(),
                facts.classifier(),
                facts.prompts(),
                facts.texts(),
                Optional.of(pairs),
                facts.workerMemoryBytes());
    }
}
