package io.goodhart.domain.validate;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.PromptAllocation;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ValidationTest {
    private static final ArmSpec BASE = new ArmSpec.None();
    private static final Map<String, ArmSpec> ARMS = arms("baseline", BASE, "dpo", dpo(LabelBy.PROBES, 3));
    private static final OptionalLong PLENTY = OptionalLong.of(8L << 30);

    @Test
    void soundSpecificationHasNoProblem() {
        assertThat(ValueRules.check(Specs.experiment(ARMS, 1L, 2L))).isEmpty();
        assertThat(files(Specs.experiment(ARMS, 1L, 2L), 10_000, 20, PLENTY).problems())
                .isEmpty();
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        ExperimentSpec spec = Specs.experiment(
                arms("a", dpo(LabelBy.PROBES, 99), "b", dpo(LabelBy.SCORER, 1)),
                Specs.probes("x"),
                training(-1.0, null, null),
                List.of());
        assertThat(ValueRules.check(spec))
                .extracting(Problem::field)
                .contains("seeds", "arms", "arms.a.probes", "arms.b", "probes.layer", "training.learning_rate");
    }

    @Test
    void promptBeyondTheContextIsSaidAndNoMemoryIsEstimatedOfIt() {
        assertThat(files(Specs.experiment(ARMS, 1L), 10_000, 2_000_000, PLENTY).problems())
                .extracting(Problem::code)
                .containsExactly("prompt_too_long");
    }

    @Test
    void factorsThatFloat32CannotHoldAreRefused() {
        for (double rate : new double[] {1e308, 1e10, 1e-300}) {
            ExperimentSpec spec =
                    Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), training(rate, null, null), List.of(1L));
            assertThat(ValueRules.check(spec)).extracting(Problem::field).containsExactly("training.learning_rate");
        }
        Problems problems = new Problems();
        problems.notNegative(1e308, "lambda");
        problems.notNegative(0, "free");
        problems.positive(1e-308, "probes.c");
        problems.positive(1e9, "probes.c");
        assertThat(problems.all())
                .extracting(Problem::message)
                .containsExactly(
                        "Must be 0 or more (at most 1e+09), got 1.0E308",
                        "Must be positive (1e-12 to 1e+09), got 1.0E-308");
    }

    @Test
    void whatIsFoundManyTimesIsSaidOnceInItsOrder() {
        Problems problems = new Problems();
        for (int n = 0; n < 100_000; n++) {
            problems.add("wrong", "fields[" + n % 50_000 + "]", "is wrong");
        }
        assertThat(problems.all()).hasSize(50_000).extracting(Problem::field).startsWith("fields[0]", "fields[1]");
    }

    @Test
    void negativeAndNotANumberLearningRatesAreRefused() {
        for (double rate : new double[] {-1e-4, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
            ExperimentSpec spec =
                    Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), training(rate, null, null), List.of(1L));
            assertThat(ValueRules.check(spec)).extracting(Problem::field).containsExactly("training.learning_rate");
        }
    }

    @Test
    void adapterAndFullFineTuningContradict() {
        ArmSpec full = new ArmSpec.Sft(training(null, TrainingMode.FULL, null));
        ExperimentSpec spec = Specs.experiment(
                arms("baseline", BASE, "sft", full),
                Specs.probes(ProbeSpec.BEST),
                training(null, null, AdapterSpec.DEFAULTS),
                List.of(1L));
        assertThat(ValueRules.check(spec)).extracting(Problem::code).containsExactly("contradiction");
    }

    @Test
    void layerOutOfRangeIsRefused() {
        ExperimentSpec spec = Specs.experiment(ARMS, Specs.probes("6"), TrainingSpec.EMPTY, List.of(1L));
        assertThat(files(spec, 10_000, 20, PLENTY).problems())
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("probes.layer", "0 to 5", "got 6");
    }

    @Test
    void tooFewDistinctPromptsAreRefusedWithBothNumbers() {
        ExperimentSpec spec = Specs.experiment(ARMS, 1L);
        assertThat(files(spec, 749, 20, PLENTY).problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("750", "749");
        assertThat(files(spec, 750, 20, PLENTY).problems()).isEmpty();
    }

    @Test
    void balancedTextsNeedAnEvenNumberAndHalfOfItInEachClass() {
        assertThat(ValueRules.check(balanced(21)))
                .extracting(Problem::field)
                .containsExactly("evaluation.labelled_texts.examples");
        assertThat(ValueRules.check(balanced(20))).isEmpty();
        assertThat(FileRules.check(balanced(20), labelled(30, 20)).problems()).isEmpty();
        assertThat(FileRules.check(balanced(20), labelled(30, 21)).problems())
                .extracting(Problem::message)
                .containsExactly("10 texts of each class are asked for, the data has 21 positive and 9 negative");
    }

    private static ExperimentSpec balanced(int examples) {
        return labelledTexts(examples, true);
    }

    private static ExperimentSpec labelledTexts(int examples, boolean balanced) {
        LabelledTextSpec texts = new LabelledTextSpec("data/labelled.jsonl", "text", "toxic", null, examples, balanced);
        return Specs.withEvaluation(Specs.experiment(ARMS, 1L), new EvaluationSpec(300, 50, 4, 3, Map.of(), 40, texts));
    }

    private static ValidationFacts labelled(int eligible, int positives) {
        ValidationFacts facts = Specs.validationFacts(10_000, 20, PLENTY);
        Map<String, TextFacts> texts = new LinkedHashMap<>(facts.texts());
        texts.put("evaluation.labelled_texts", new TextFacts(eligible, positives, 20, 256, 0));
        return new ValidationFacts(
                facts.model(), facts.classifier(), facts.prompts(), texts, facts.pairs(), facts.workerMemoryBytes());
    }

    @Test
    void labelledTextsOfOneClassAreWarnedOf() {
        assertThat(FileRules.check(labelledTexts(20, false), labelled(30, 0)).warnings())
                .extracting(Problem::message)
                .contains("Every label is below 0.5: no AUC is defined on these texts, and the report shows none");
        assertThat(FileRules.check(labelledTexts(20, false), labelled(30, 30)).warnings())
                .extracting(Problem::code)
                .contains("one_class");
        assertThat(FileRules.check(labelledTexts(20, false), labelled(30, 1)).warnings())
                .extracting(Problem::code)
                .doesNotContain("one_class");
    }

    @Test
    void bestOfNIsCheckedLikeOtherSignals() {
        assertThat(bestOfN(new ArmSpec.BestOfN(null, LabelBy.PROBES, 3, null))).isEmpty();
        assertThat(bestOfN(new ArmSpec.BestOfN(1, LabelBy.SCORER, null, null))).containsExactly("arms.best.n");
        assertThat(bestOfN(new ArmSpec.BestOfN(5, LabelBy.PROBES, 4, null))).containsExactly("arms.best.probes");
        assertThat(bestOfN(new ArmSpec.BestOfN(5, LabelBy.SCORER, 1, null))).containsExactly("arms.best");
        assertThat(new ArmSpec.BestOfN(5, LabelBy.SCORER, null, null).klBound())
                .isCloseTo(0.8094379124341003, within(1e-15)); // ln 5 - 4/5
        assertThat(new ArmSpec.BestOfN(5, LabelBy.SCORER, null, null).points()).containsExactly(1, 2, 4, 5);
        assertThat(new ArmSpec.BestOfN(8, LabelBy.SCORER, null, null).points()).containsExactly(1, 2, 4, 8);
        assertThat(ArmSpec.BestOfN.klBound(1)).isZero();
    }

    private static List<String> bestOfN(ArmSpec arm) {
        return ValueRules.check(Specs.experiment(arms("baseline", BASE, "best", arm), 1L)).stream()
                .map(Problem::field)
                .toList();
    }

    @Test
    void trainingUsesProbesAtEverySiteAndPooling() {
        ProbeSpec last = ProbeFields.probes(probes -> {
            probes.site = Site.MLP_OUT;
            probes.pooling = Pooling.LAST;
        });
        Map<String, ArmSpec> arms =
                arms("baseline", BASE, "probe-sft", new ArmSpec.ProbeSft(1.0, 1, null, null, null, null, null));
        assertThat(ValueRules.check(Specs.experiment(arms, last, TrainingSpec.EMPTY, List.of(1L))))
                .isEmpty();
    }

    @Test
    void absurdNumbersAreRefusedByTheirField() {
        ProbeSpec absurd = ProbeFields.probes(probes -> {
            probes.examples = 2_000_000_000;
            probes.samplesPerPrompt = 1;
            probes.train = 2_000_000_000;
        });
        ExperimentSpec spec = Specs.experiment(ARMS, absurd, training(16, 715_827_883), List.of(1L));
        assertThat(ValueRules.check(spec))
                .extracting(Problem::field)
                .containsExactly("probes.examples", "probes.train", "training.adapter.rank");
    }

    @Test
    void largestNumbersThatAreInRangeAreCountedExactly() {
        ProbeSpec most = ProbeFields.probes(probes -> {
            probes.examples = 10_000_000;
            probes.calibration = 10_000_000;
            probes.samplesPerPrompt = 1;
            probes.train = 1000;
            probes.heldOut = 1000;
            probes.retrained = 1000;
        });
        ExperimentSpec spec = Specs.experiment(ARMS, most, training(4096, 4096), List.of(1L));
        assertThat(ValueRules.check(spec)).isEmpty();
        assertThat(PromptAllocation.required(spec)).isEqualTo(300 + 3000 * 20_000_000L + 250);
        MemoryEstimate memory = MemoryEstimate.of(spec, Specs.validationFacts(10_000, 20, PLENTY));
        assertThat(memory.bytesByKind().get("train")).isGreaterThan(4L * 4 * 6 * 4096 * 3 * 192);
    }

    private static TrainingSpec training(int batch, int rank) {
        AdapterSpec adapter = new AdapterSpec(rank, 16.0, 0.0, List.of("all-linear"), false);
        return new TrainingSpec(
                null, adapter, null, null, null, null, null, null, null, null, null, null, batch, null, null, null,
                null, null, null);
    }

    @Test
    void lengthThatLeavesNothingToLearnFromIsRefused() {
        assertThat(lengths(20)).containsExactly("training.max_length");
        assertThat(lengths(21)).isEmpty();
        assertThat(lengths(256)).isEmpty();
        assertThat(lengths(257)).containsExactly("training.max_length");
        assertThat(lengths(0)).isEmpty();
    }

    private static List<String> lengths(int maxLength) {
        TrainingSpec training = new TrainingSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                maxLength, null, null);
        ExperimentSpec spec = Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), training, List.of(1L));
        return files(spec, 10_000, 20, PLENTY).problems().stream()
                .map(Problem::field)
                .toList();
    }

    @Test
    void promptThatDoesNotFitTheContextIsRefused() {
        assertThat(files(Specs.experiment(ARMS, 1L), 10_000, 233, PLENTY).problems())
                .extracting(Problem::code)
                .containsExactly("prompt_too_long");
        assertThat(files(Specs.experiment(ARMS, 1L), 10_000, 232, PLENTY).problems())
                .isEmpty();
    }

    @Test
    void siteThatTheModelLacksIsRefused() {
        ExperimentSpec spec = Specs.experiment(ARMS, probesAt(Site.RESID_MID), TrainingSpec.EMPTY, List.of(1L));
        assertThat(files(spec, 10_000, 20, PLENTY).problems())
                .containsExactly(
                        new Problem(
                                "unknown_site",
                                "probes.site",
                                "The model has [resid_pre, resid_post, attn_out, mlp_act, mlp_out, final_norm], got resid_mid"));
        ExperimentSpec sound = Specs.experiment(ARMS, probesAt(Site.MLP_OUT), TrainingSpec.EMPTY, List.of(1L));
        assertThat(files(sound, 10_000, 20, PLENTY).problems()).isEmpty();
    }

    private static ProbeSpec probesAt(Site site) {
        return ProbeFields.probes(probes -> probes.site = site);
    }

    @Test
    void unknownAdapterTargetIsRefused() {
        AdapterSpec adapter = new AdapterSpec(8, 16.0, 0.0, List.of("q_proj", "c_attn"), false);
        ExperimentSpec spec =
                Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), training(null, null, adapter), List.of(1L));
        assertThat(files(spec, 10_000, 20, PLENTY).problems())
                .extracting(Problem::code)
                .containsExactly("unknown_module");
    }

    @Test
    void moreMemoryThanTheLargestWorkerHasIsRefusedAndNoWorkerIsAWarning() {
        ExperimentSpec spec = Specs.experiment(ARMS, 1L);
        assertThat(files(spec, 10_000, 20, OptionalLong.of(512L << 20)).problems())
                .extracting(Problem::code)
                .containsExactly("not_enough_memory");
        assertThat(files(spec, 10_000, 20, OptionalLong.empty()).warnings())
                .extracting(Problem::code)
                .contains("no_worker");
    }

    @Test
    void cutTextsAreAWarningThatTheUserSees() {
        assertThat(files(Specs.experiment(ARMS, 1L, 2L), 10_000, 20, PLENTY).warnings())
                .extracting(Problem::code)
                .containsExactly("truncated", "no_control");
    }

    @Test
    void randomLabelsAreTheControlOfDpo() {
        Map<String, ArmSpec> arms =
                arms("baseline", BASE, "dpo", dpo(LabelBy.PROBES, 3), "random", dpo(LabelBy.RANDOM, null));
        assertThat(files(Specs.experiment(arms, 1L, 2L), 10_000, 20, PLENTY).warnings())
                .extracting(Problem::code)
                .containsExactly("truncated");
    }

    @Test
    void dropoutIsRefusedRatherThanIgnored() {
        AdapterSpec adapter = new AdapterSpec(8, 16.0, 0.1, List.of("all-linear"), false);
        ExperimentSpec spec =
                Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), training(null, null, adapter), List.of(1L));
        assertThat(ValueRules.check(spec)).extracting(Problem::code).containsExactly("unsupported");
    }

    private static Validation files(ExperimentSpec spec, int prompts, int longest, OptionalLong memory) {
        return FileRules.check(spec, Specs.validationFacts(prompts, longest, memory));
    }

    private static TrainingSpec training(Double rate, TrainingMode mode, AdapterSpec adapter) {
        return new TrainingSpec(
                mode, adapter, null, null, null, null, null, rate, null, null, null, null, null, null, null, null, null,
                null, null);
    }

    @Test
    void missingNameIsNamed() {
        assertThatThrownBy(() -> new ArmSpec.Dpo(null, 1, null, TrainingSpec.EMPTY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("label_by");
    }
}
