package io.goodhart.domain.validate;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.TaskMemory.Batch;
import io.goodhart.domain.validate.TaskMemory.Graph;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {
    private static final ArmSpec BASE = new ArmSpec.None();
    private static final OptionalLong PLENTY = OptionalLong.of(16L << 30);
    private static final Map<String, ArmSpec> ARMS = arms("baseline", BASE, "dpo", dpo(LabelBy.PROBES, 3));

    @Test
    void gradientCheckpointingIsChosenExactlyWhereItMakesATrainingFit() {
        ExperimentSpec open = checkpointing(null);
        long plain = trainBytes(checkpointing(false), PLENTY);
        long lean = trainBytes(checkpointing(true), PLENTY);
        assertThat(lean).isLessThan(plain);
        assertThat(checkpointed(open, OptionalLong.of(plain))).isEmpty();
        assertThat(checkpointed(open, OptionalLong.of(plain - 1))).containsExactly("dpo");
        assertThat(checkpointed(open, OptionalLong.of(lean))).containsExactly("dpo");
        assertThat(checkpointed(open, OptionalLong.of(lean - 1))).isEmpty();
        assertThat(checkpointed(open, OptionalLong.empty())).isEmpty();
        assertThat(trainBytes(open, OptionalLong.of(plain))).isEqualTo(plain);
        assertThat(trainBytes(open, OptionalLong.of(lean))).isEqualTo(lean);
        assertThat(checkpointed(checkpointing(true), PLENTY)).containsExactly("dpo");
        assertThat(checkpointed(checkpointing(false), OptionalLong.of(lean))).isEmpty();
    }

    @Test
    void anArmsOwnChoiceOfCheckpointingStandsOverTheExperiments() {
        Map<String, ArmSpec> arms = arms(
                "baseline",
                BASE,
                "dpo",
                dpo(LabelBy.PROBES, 3),
                "sft",
                new ArmSpec.Sft(TrainingSpec.EMPTY.overlaid(asking(false))));
        ExperimentSpec spec = Specs.experiment(arms, Specs.probes(ProbeSpec.BEST), asking(true), List.of(1L));
        assertThat(checkpointed(spec, PLENTY)).containsExactly("dpo");
    }

    @Test
    void aRefusalSaysWhatGradientCheckpointingWouldDo() {
        long lean = MemoryEstimate.of(checkpointing(true), Specs.validationFacts(10_000, 20, PLENTY))
                .peakBytes();
        assertThat(files(checkpointing(null), 10_000, 20, OptionalLong.of(lean)).problems())
                .isEmpty();
        assertThat(files(checkpointing(false), 10_000, 20, OptionalLong.of(lean))
                        .problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("gradient_checkpointing: true makes it fit (%d MiB)".formatted(lean >> 20));
        assertThat(files(checkpointing(null), 10_000, 20, OptionalLong.of(lean / 2))
                        .problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("gradient_checkpointing: true does not make it fit (%d MiB)".formatted(lean >> 20));
        assertThat(files(checkpointing(true), 10_000, 20, OptionalLong.of(lean / 2))
                        .problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .doesNotContain("checkpointing");
    }

    private static TrainingSpec asking(Boolean checkpointing) {
        return new TrainingSpec(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                64,
                null,
                null,
                null,
                null,
                null,
                checkpointing);
    }

    private static ExperimentSpec checkpointing(Boolean asked) {
        return Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), asking(asked), List.of(1L));
    }

    private static Collection<String> checkpointed(ExperimentSpec spec, OptionalLong memory) {
        return MemoryEstimate.of(spec, Specs.validationFacts(10_000, 20, memory))
                .checkpointed();
    }

    private static long trainBytes(ExperimentSpec spec, OptionalLong memory) {
        return MemoryEstimate.of(spec, Specs.validationFacts(10_000, 20, memory))
                .bytesByKind()
                .get("train");
    }

    @Test
    void everyKindOfTaskCountsTheModelsAndTrainedArmsCountTwice() {
        ValidationFacts facts = Specs.validationFacts(10_000, 20, PLENTY);
        Map<String, Long> none = MemoryEstimate.of(Specs.experiment(arms("baseline", BASE), 1L), facts)
                .bytesByKind();
        MemoryEstimate trained = MemoryEstimate.of(Specs.experiment(ARMS, 1L), facts);
        long resident = TaskMemory.RUNTIME + TaskMemory.weights(facts.model()) + TaskMemory.weights(Specs.SCORER);
        assertThat(trained.bytesByKind().keySet()).isEqualTo(TaskSpec.kinds().keySet());
        assertThat(trained.bytesByKind()).containsEntry("report", resident);
        assertThat(none).containsEntry("train", resident);
        assertThat(trained.bytesByKind().get("train")).isGreaterThan(resident);
        long more = trained.bytesByKind().get("evaluate") - none.get("evaluate");
        assertThat(more).isEqualTo(TaskMemory.trainedWeights(facts.model(), TrainingMode.LORA));
        assertThat(trained.peakBytes())
                .isEqualTo(Collections.max(trained.bytesByKind().values()));
    }

    /** The fixture: 24 new tokens, context 256, batches of 8. */
    @Test
    void pairCountsItsPromptOnceAndIsCutAtTheLongestRow() {
        assertThat(trainingBytes(20, 0)).isEqualTo(lora(20));
        assertThat(trainingBytes(200, 0)).isEqualTo(lora(200));
        assertThat(trainingBytes(20, 30)).isEqualTo(lora(6));
    }

    /** With ten responses to a probe's prompt, the five of each prompt of the pairs take most. */
    @Test
    void promptCountsOnceHoweverManyResponsesItHas() {
        ModelFacts model = Specs.validationFacts(10_000, 200, PLENTY).model();
        long[] bytes = IntStream.of(1, 5, 10)
                .mapToLong(samples -> TaskMemory.generation(model, samples, 200, 24))
                .toArray();
        assertThat(bytes[0]).isGreaterThan(bytes[1]);
        assertThat(bytes[1]).isGreaterThan(bytes[2]);
        assertThat(generateBytes(1)).isEqualTo(bytes[0]);
        assertThat(generateBytes(10)).isEqualTo(bytes[1]);
    }

    private static long generateBytes(int samples) {
        ProbeSpec probes = ProbeFields.probes(fields -> fields.samplesPerPrompt = samples);
        ExperimentSpec spec = Specs.experiment(arms("baseline", BASE), probes, TrainingSpec.EMPTY, List.of(1L));
        Map<String, Long> bytes = MemoryEstimate.of(spec, Specs.validationFacts(10_000, 200, PLENTY))
                .bytesByKind();
        return bytes.get("generate") - bytes.get("report");
    }

    private static long trainingBytes(int longestPrompt, int maxLength) {
        TrainingSpec training = new TrainingSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                maxLength, null, null);
        ExperimentSpec spec = Specs.experiment(ARMS, Specs.probes(ProbeSpec.BEST), training, List.of(1L));
        Map<String, Long> bytes = MemoryEstimate.of(spec, Specs.validationFacts(10_000, longestPrompt, PLENTY))
                .bytesByKind();
        return bytes.get("train") - bytes.get("report");
    }

    private static long lora(long prompt) {
        ModelFacts model = Specs.validationFacts(10_000, 20, PLENTY).model();
        return TaskMemory.training(
                model, TrainingMode.LORA, AdapterSpec.DEFAULTS, Graph.WHOLE, Batch.ofPairs(8, prompt, 24));
    }

    private static Validation files(ExperimentSpec spec, int prompts, int longest, OptionalLong memory) {
        return FileRules.check(spec, Specs.validationFacts(prompts, longest, memory));
    }

    @Test
    void textsCountAsLongAsTheLongestThatIsDrawnAndNoLongerThanTheContext() {
        assertThat(reading(10, 40).longestRead(60)).isEqualTo(80); // 20 of the prompt
        assertThat(reading(90, 40).longestRead(60)).isEqualTo(90);
        assertThat(reading(10, 95).longestRead(60)).isEqualTo(95);
        assertThat(reading(90, 4000).longestRead(60))
                .isEqualTo(Specs.facts().model().context());
        ExperimentSpec spec = Specs.experiment(arms("baseline", BASE), 1L);
        assertThat(MemoryEstimate.of(spec, reading(10, 10)).bytesByKind().get("read_texts"))
                .isLessThan(
                        MemoryEstimate.of(spec, reading(250, 10)).bytesByKind().get("read_texts"));
    }

    /** Prompts of 20 tokens. */
    private static ValidationFacts reading(int text, int pair) {
        ValidationFacts facts = Specs.validationFacts(10_000, 20, PLENTY);
        Map<String, TextFacts> texts = new LinkedHashMap<>();
        facts.texts().keySet().forEach(field -> texts.put(field, new TextFacts(100, 0, 100, text, 0)));
        return new ValidationFacts(
                facts.model(),
                facts.classifier(),
                facts.prompts(),
                texts,
                Optional.of(new PairFacts(100, 100, 5, pair, 0)),
                facts.workerMemoryBytes());
    }
}
