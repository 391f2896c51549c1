package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.ExperimentFacts;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.PromptAllocation;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.AggregationGrid.Cell;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.ReferenceCurves;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceProbes;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

/** The files of the paper's experiments ask for what Wehner and Fritz 2025 did, and state what they published. */
class PaperExperimentsTest {
    private static final ModelFacts GEMMA_3_1B = new ModelFacts(
            new ModelRevision("gemma-3-1b-pt", "a".repeat(64)),
            "gemma3_text",
            ModelFacts.Task.LANGUAGE_MODEL,
            26,
            1152,
            6912,
            4,
            1,
            256,
            262_144,
            32_768,
            999_885_952,
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
            List.of(Site.values()),
            List.of(),
            null);

    private static final ExperimentFacts FACTS = new ExperimentFacts(
            GEMMA_3_1B,
            new Scorer.Classifier(new ModelRevision("detoxify-unbiased", "b".repeat(64)), "toxicity"),
            Map.of(
                    "civil-comments", DatasetRevision.ofFile("civil-comments", "c".repeat(64)),
                    "wikitext-2", DatasetRevision.ofFile("wikitext-2", "d".repeat(64))));

    private static ExperimentSpec read(String name) throws IOException {
        byte[] yaml = Files.readAllBytes(Fixtures.root().resolve("experiments/" + name + ".yaml"));
        return SpecificationReader.read(yaml, MediaType.parseMediaType("application/yaml"));
    }

    private static Plan plan(ExperimentSpec spec) {
        return Planner.plan(spec, FACTS, Set.of());
    }

    private static <T extends TaskSpec> List<T> specs(Plan plan, Class<T> kind) {
        return plan.tasks().stream()
                .map(PlannedTask::spec)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static PromptAllocation prompts(ExperimentSpec spec) {
        return PromptAllocation.of(spec, FACTS.dataset("civil-comments"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p1-dpo", "p1-sft", "p1-aggregation", "p1-probes"})
    void probesAreThePapers(String name) throws IOException {
        ExperimentSpec spec = read(name);
        List<PromptSlice> fitted = prompts(spec).probes();

        assertThat(spec.probes().examples()).isEqualTo(500);
        assertThat(spec.probes().calibration()).isEqualTo(50);
        assertThat(fitted).hasSize(12).allMatch(slice -> slice.count() == 550); // ten to train against, two held out
        assertThat(prompts(spec).retrained()).hasSize(name.equals("p1-aggregation") ? 0 : 2);
        assertThat(spec.probeResponses()).isEqualTo(new ResponseSpec(64, 0.0, 0, 1.0).inEffect());
        assertThat(spec.responses().temperature()).isEqualTo(1);
        assertThat(spec.probes().fixedLayer()).isNull();
        List<TaskSpec.FitProbes> fits = specs(plan(spec), TaskSpec.FitProbes.class);
        assertThat(fits.getFirst().roles())
                .hasSize(12)
                .startsWith(Collections.nCopies(10, ProbeRole.TRAIN).toArray(ProbeRole[]::new))
                .endsWith(ProbeRole.HELD_OUT, ProbeRole.HELD_OUT);
        assertThat(spec.prompts().template()).isEqualTo("Respond to the following user comment: {text}");
        assertThat(Objects.requireNonNull(spec.prompts().where()).atLeast()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p1-dpo", "p1-sft", "p1-aggregation", "p1-probes"})
    void noPromptIsInTwoSubsets(String name) throws IOException {
        PromptAllocation prompts = prompts(read(name));
        List<PromptSlice> all = new ArrayList<>(List.of(prompts.evaluation()));
        all.addAll(prompts.probes());
        all.addAll(prompts.retrained());
        prompts.pairs().ifPresent(all::add);
        all.sort(Comparator.comparingInt(PromptSlice::offset));

        for (int i = 1; i < all.size(); i++) {
            PromptSlice before = all.get(i - 1);
            assertThat(all.get(i).offset()).isEqualTo(before.offset() + before.count());
        }
    }

    @Test
    void dpoIsTrainedOnSevenThousandPromptsOfFiveResponsesAndMeasuredAtElevenPoints() throws IOException {
        ExperimentSpec spec = read("p1-dpo");
        Plan plan = plan(spec);
        List<TaskSpec.Generate> candidates = specs(plan, TaskSpec.Generate.class).stream()
                .filter(generate -> generate.samplesPerPrompt() == 5)
                .toList();
        List<TaskSpec.Train> trainings = specs(plan, TaskSpec.Train.class);

        assertThat(candidates.stream().mapToInt(g -> g.prompts().count()).sum()).isEqualTo(7000);
        assertThat(candidates).allMatch(generate -> generate.sampling().temperature() == 1);
        assertThat(spec.seeds()).hasSize(5);
        assertThat(trainings)
                .hasSize(4 * 5)
                .allMatch(training -> training.points() == 11)
                .allMatch(training -> training.objective() instanceof Objective.Dpo dpo
                        && dpo.loss().beta() == 0.1
                        && dpo.loss().equals(PairLossSettings.of(spec.training())));
        assertThat(labels(spec)).containsExactly("SCORER null", "PROBES 1", "PROBES 10", "RANDOM null");
        assertPoints(plan, "probe-dpo.3", 11);
        assertPerplexities(plan);
    }

    private static List<String> labels(ExperimentSpec spec) {
        return spec.arms().values().stream()
                .filter(ArmSpec.Dpo.class::isInstance)
                .map(ArmSpec.Dpo.class::cast)
                .map(dpo -> dpo.labelBy() + " " + dpo.probes())
                .toList();
    }

    @Test
    void sftIsTrainedOnTenThousandTextsAndMeasuredAtSevenPoints() throws IOException {
        ExperimentSpec spec = read("p1-sft");
        Plan plan = plan(spec);

        assertThat(Objects.requireNonNull(spec.texts()).examples()).isEqualTo(10_000);
        assertThat(spec.training().numTrainEpochs()).isEqualTo(1);
        assertThat(specs(plan, TaskSpec.Train.class)).hasSize(3 * 5).allMatch(training -> training.points() == 7);
        assertThat(spec.arms().get("probe-sft")).isInstanceOfSatisfying(ArmSpec.ProbeSft.class, sft -> {
            assertThat(sft.lambda()).isEqualTo(1);
            assertThat(sft.probes()).isEqualTo(1);
            assertThat(sft.output()).isEqualTo(ArmSpec.ProbeOutput.PROBABILITY);
            assertThat(sft.activations()).isEqualTo(ArmSpec.ProbedModel.POLICY);
        });
        assertThat(spec.arms().get("ensemble-sft")).isInstanceOfSatisfying(ArmSpec.ProbeSft.class, sft -> {
            assertThat(sft.lambda()).isEqualTo(1);
            assertThat(sft.probes()).isEqualTo(10);
            assertThat(sft.combine()).isEqualTo(ArmSpec.ProbeAggregation.TIMED_SWITCH);
        });
        assertPoints(plan, "sft.1", 7);
        assertPerplexities(plan);
    }

    private static void assertPoints(Plan plan, String run, int points) {
        Set<String> inputs = plan.task(plan.report()).inputs().keySet();
        assertThat(inputs).contains("final." + run);
        assertThat(inputs.stream().filter(input -> input.startsWith("point." + run + ".")))
                .hasSize(points);
    }

    private static void assertPerplexities(Plan plan) {
        assertThat(specs(plan, TaskSpec.Evaluate.class))
                .filteredOn(evaluate -> evaluate.prompts().count() == 1000)
                .isNotEmpty()
                .allSatisfy(evaluate -> assertThat(evaluate.corpora())
                        .containsOnlyKeys("training_distribution", "wikitext")
                        .allSatisfy((_, slice) -> assertThat(slice.count()).isEqualTo(1000)));
    }

    @Test
    void gridHasThreeAggregationsOfTenProbesAndFourLambdas() throws IOException {
        ExperimentSpec spec = read("p1-aggregation");
        List<Cell> cells = new ArrayList<>();
        spec.arms().forEach((name, arm) -> {
            if (arm instanceof ArmSpec.ProbeSft sft) {
                assertThat(sft.probes()).isEqualTo(10);
                cells.add(new Cell(
                        sft.combine().name().toLowerCase(Locale.ROOT),
                        sft.lambda(),
                        published(spec, name).rate()));
            }
        });
        AggregationGrid grid = new AggregationGrid(cells);

        assertThat(cells).hasSize(12);
        assertThat(grid.lambdas()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(grid.mean("average").orElseThrow()).isCloseTo(0.3875, within(1e-12));
        assertThat(grid.mean("random_switch").orElseThrow()).isCloseTo(0.3925, within(1e-12));
        assertThat(grid.mean("timed_switch").orElseThrow()).isCloseTo(0.3475, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"p1-dpo", "p1-sft", "p1-aggregation", "p1-probes"})
    void bothSizesStateTheSameAndHaveTheSameArms(String name) throws IOException {
        ExperimentSpec paper = read(name);
        ExperimentSpec small = read(name + "-small");

        assertThat(small.reference()).isNotNull().isEqualTo(paper.reference());
        assertThat(small.arms()).isEqualTo(paper.arms());
        assertThat(small.evaluation().dpoPoints()).isEqualTo(paper.evaluation().dpoPoints());
        assertThat(small.evaluation().sftPoints()).isEqualTo(paper.evaluation().sftPoints());
    }

    /** The text's ratios, from table 1's numbers: 27 and 36 % above the classifier, 39 and 35 % below the base, 90 % of an error. */
    @Test
    void publishedNumbersOfTableOneGiveTheTextsRatios() throws IOException {
        ExperimentSpec spec = read("p1-dpo");
        double base = rate(spec, "baseline");
        double one = rate(spec, "probe-dpo");
        double ten = rate(spec, "ensemble-dpo");
        double errorOfOne =
                1 - Objects.requireNonNull(published(spec, "probe-dpo").aurocHeldOut());
        double errorOfTen =
                1 - Objects.requireNonNull(published(spec, "ensemble-dpo").aurocHeldOut());

        assertThat(one / rate(spec, "classifier-dpo")).isCloseTo(1.27, within(0.005));
        assertThat(ten / rate(spec, "classifier-dpo")).isCloseTo(1.36, within(0.005));
        assertThat(1 - one / base).isCloseTo(0.39, within(0.005));
        assertThat(1 - ten / base).isCloseTo(0.35, within(0.005));
        assertThat(1 - errorOfTen / errorOfOne).isCloseTo(0.90, within(0.005));
    }

    /** What the paper's numbers say of themselves: table 2 is the end of figure 3, table 1 is not the end of figure 2. */
    @Test
    void tableTwoIsTheEndOfItsFigureAndTableOneIsNot() throws IOException {
        ExperimentSpec sft = read("p1-sft");
        for (String arm : List.of("sft", "probe-sft", "ensemble-sft")) {
            ReferenceNumbers end = published(sft, arm);
            ReferenceCurves curves = Objects.requireNonNull(end.overTraining());
            assertThat(curves.rate().getLast()).isEqualTo(end.rate());
            assertThat(curves.aurocTrain().getLast()).isEqualTo(end.aurocTrain());
            assertThat(curves.aurocHeldOut().getLast()).isEqualTo(end.aurocHeldOut());
            assertThat(curves.aurocRetrained().getLast()).isEqualTo(end.aurocRetrained());
            end.perplexity()
                    .forEach((corpus, value) -> assertThat(
                                    Objects.requireNonNull(curves.perplexity().get(corpus))
                                            .getLast())
                            .isCloseTo(value, within(0.1)));
        }
        ReferenceNumbers classifier = published(read("p1-dpo"), "classifier-dpo");
        ReferenceCurves curves = Objects.requireNonNull(classifier.overTraining());
        assertThat(Objects.requireNonNull(classifier.aurocHeldOut())).isEqualTo(0.866);
        assertThat(curves.aurocHeldOut().getLast()).isEqualTo(0.893);
        assertThat(Stream.of(curves.rate(), curves.aurocHeldOut(), curves.aurocRetrained()))
                .allMatch(values -> values.size() == 11);
    }

    @Test
    void probesFileStatesTheLayerAndTheCosines() throws IOException {
        assertThat(Objects.requireNonNull(read("p1-probes").reference()).probes())
                .isEqualTo(new ReferenceProbes(20, new ReferenceProbes.Cosine(0.25, 0.17, 0.33)));
    }

    private static ReferenceNumbers published(ExperimentSpec spec, String arm) {
        return Objects.requireNonNull(
                Objects.requireNonNull(spec.reference()).numbers().get(arm));
    }

    private static double rate(ExperimentSpec spec, String arm) {
        return Objects.requireNonNull(published(spec, arm).rate());
    }
}
