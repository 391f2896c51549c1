package io.goodhart.domain.validate;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.domain.spec.ProbeSpec.Kind;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbeRulesTest {
    private static final OptionalLong PLENTY = OptionalLong.of(64L << 30);
    private static final ArmSpec BASE = new ArmSpec.None();

    private static ExperimentSpec experiment(Consumer<ProbeFields> change) {
        return Specs.experiment(arms("baseline", BASE), ProbeFields.probes(change), TrainingSpec.EMPTY, List.of(1L));
    }

    private static void assertRefused(Consumer<ProbeFields> change, String code, String field) {
        assertThat(ValueRules.check(experiment(change))).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.field()).isEqualTo(field);
        });
    }

    private static List<Problem> onFiles(Consumer<ProbeFields> change) {
        return FileRules.check(experiment(change), Specs.validationFacts(10_000, 20, PLENTY))
                .problems();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindIsSoundAsItComes(Kind kind) {
        assertThat(ValueRules.check(experiment(probes -> probes.kind = kind))).isEmpty();
        ProbeSpec spec = ProbeFields.probes(probes -> probes.kind = kind);
        assertThat(spec.pooling()).isEqualTo(kind.readsTokens() ? Pooling.PER_TOKEN : Pooling.MEAN);
        assertThat(spec.aggregation()).isEqualTo(kind.readsTokens() ? kind.ownAggregation() : null);
        assertThat(spec.rowAggregation()).isEqualTo(kind.ownAggregation());
    }

    @ParameterizedTest
    @EnumSource(Site.class)
    void everySiteIsSoundAndTheOneWithoutLayersHasNoneToName(Site site) {
        assertThat(ValueRules.check(experiment(probes -> probes.site = site))).isEmpty();
        ProbeSpec spec = ProbeFields.probes(probes -> probes.site = site);
        assertThat(spec.fixedLayer()).isEqualTo(site == Site.FINAL_NORM ? Integer.valueOf(0) : null);
    }

    @Test
    void moreLayersThanAnyModelHasAreRefused() {
        assertRefused(probes -> probes.layers = Collections.nCopies(1001, 0), "out_of_range", "probes.layers");
    }

    @Test
    void finalNormHasNoLayers() {
        assertRefused(
                probes -> {
                    probes.site = Site.FINAL_NORM;
                    probes.layer = "3";
                },
                "contradiction",
                "probes.layer");
        assertRefused(
                probes -> {
                    probes.site = Site.FINAL_NORM;
                    probes.layers = List.of(0);
                },
                "contradiction",
                "probes.layers");
    }

    @Test
    void fieldsOfAnotherKindContradict() {
        assertRefused(probes -> probes.heads = 8, "contradiction", "probes.heads");
        assertRefused(probes -> probes.hidden = 8, "contradiction", "probes.hidden");
        assertRefused(probes -> probes.directions = 2, "contradiction", "probes.directions");
        assertRefused(
                probes -> {
                    probes.kind = Kind.ATTENTION;
                    probes.heads = 0;
                },
                "out_of_range",
                "probes.heads");
        assertRefused(
                probes -> {
                    probes.kind = Kind.MEAN_DIFFERENCE;
                    probes.classWeights = ClassWeights.BALANCED;
                },
                "contradiction",
                "probes.class_weights");
    }

    @Test
    void poolingAndAggregationGoTogether() {
        assertRefused(
                probes -> {
                    probes.kind = Kind.ATTENTION;
                    probes.pooling = Pooling.MEAN;
                },
                "contradiction",
                "probes.pooling");
        assertRefused(probes -> probes.aggregation = Aggregation.EMA_MAX, "contradiction", "probes.aggregation");
        assertRefused(
                probes -> {
                    probes.pooling = Pooling.PER_TOKEN;
                    probes.aggregation = Aggregation.ATTENTION;
                },
                "contradiction",
                "probes.aggregation");
        assertRefused(
                probes -> {
                    probes.kind = Kind.ATTENTION;
                    probes.aggregation = Aggregation.EMA_MAX;
                },
                "contradiction",
                "probes.aggregation");
        assertThat(ValueRules.check(experiment(probes -> {
                    probes.pooling = Pooling.PER_TOKEN;
                    probes.aggregation = Aggregation.EMA_MAX;
                })))
                .isEmpty();
    }

    @Test
    void controlsAndThresholdsHaveTheirRange() {
        assertRefused(probes -> probes.permuted = 4, "out_of_range", "probes.permuted");
        assertRefused(
                probes -> probes.threshold = new ProbeSpec.ThresholdRule(1.0), "out_of_range", "probes.threshold.fpr");
        assertThat(FileRules.check(
                                experiment(probes -> probes.threshold = new ProbeSpec.ThresholdRule(0.01)),
                                Specs.validationFacts(10_000, 20, PLENTY))
                        .warnings())
                .extracting(Problem::code)
                .contains("few_calibration_texts");
    }

    @Test
    void responsesOfTheirOwnHaveTheSameRanges() {
        assertRefused(of(new ResponseSpec(0, 1.0, 0, 1.0)), "out_of_range", "probes.responses.max_new_tokens");
        assertRefused(of(new ResponseSpec(8, -1.0, 0, 1.0)), "out_of_range", "probes.responses.temperature");
        assertRefused(of(new ResponseSpec(8, 1.0, -1, 1.0)), "out_of_range", "probes.responses.top_k");
        assertRefused(of(new ResponseSpec(8, 1.0, 0, 0.0)), "out_of_range", "probes.responses.top_p");
        assertThat(ValueRules.check(experiment(of(new ResponseSpec(8, 0.5, 40, 0.9)))))
                .isEmpty();
    }

    @Test
    void greedyResponsesToOnePromptAreOne() {
        ResponseSpec greedy = new ResponseSpec(8, 0.0, 0, 1.0);
        assertRefused(of(greedy), "contradiction", "probes.samples_per_prompt");
        assertThat(ValueRules.check(experiment(probes -> {
                    probes.responses = greedy;
                    probes.samplesPerPrompt = 1;
                })))
                .isEmpty();
    }

    @Test
    void longerResponsesOfProbesCountWhereTheyAreSampledAndKept() {
        assertThat(onFiles(of(new ResponseSpec(10_000, 1.0, 0, 1.0))))
                .extracting(Problem::code)
                .contains("prompt_too_long");
        Map<String, Long> shorter = memory(of(new ResponseSpec(8, 1.0, 0, 1.0)));
        Map<String, Long> same = memory(probes -> {});
        Map<String, Long> longer = memory(of(new ResponseSpec(5_000, 1.0, 0, 1.0)));
        assertThat(shorter.get("generate")).isLessThan(same.get("generate")); // candidates' prompts are read once
        assertThat(longer.get("generate")).isGreaterThan(same.get("generate"));
        assertThat(longer.get("evaluate")).isEqualTo(same.get("evaluate"));
        Consumer<ProbeFields> tokens = probes -> probes.kind = Kind.ATTENTION;
        long kept =
                memory(tokens.andThen(of(new ResponseSpec(6, 1.0, 0, 1.0)))).get("fit_probes") - same.get("fit_probes");
        assertThat(memory(tokens).get("fit_probes") - same.get("fit_probes")).isEqualTo(4 * kept); // 24 tokens
    }

    private static Consumer<ProbeFields> of(ResponseSpec responses) {
        return probes -> probes.responses = responses;
    }

    private static Map<String, Long> memory(Consumer<ProbeFields> change) {
        return MemoryEstimate.of(experiment(change), Specs.validationFacts(10_000, 20, PLENTY))
                .bytesByKind();
    }

    @Test
    void probesWithoutADirectionCannotBeTrainedAgainst() {
        Map<String, ArmSpec> arms =
                arms("baseline", BASE, "probe-sft", new ArmSpec.ProbeSft(1.0, 1, null, null, null, null, null));
        ProbeSpec mlp = ProbeFields.probes(probes -> probes.kind = Kind.MLP);
        assertThat(ValueRules.check(Specs.experiment(arms, mlp, TrainingSpec.EMPTY, List.of(1L))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.field()).isEqualTo("arms.probe-sft");
                    assertThat(problem.code()).isEqualTo("unsupported");
                });
        ProbeSpec subspace = ProbeFields.probes(probes -> probes.kind = Kind.SUBSPACE);
        assertThat(ValueRules.check(Specs.experiment(arms, subspace, TrainingSpec.EMPTY, List.of(1L))))
                .isEmpty();
    }

    @Test
    void tokensThatNoHeapHoldsAreRefused() {
        Consumer<ProbeFields> modest = probes -> probes.kind = Kind.ATTENTION;
        assertThat(onFiles(modest)).isEmpty();
        assertThat(onFiles(probes -> {
                    modest.accept(probes);
                    probes.examples = 100_000;
                    probes.samplesPerPrompt = 100;
                }))
                .extracting(Problem::code, Problem::field)
                .contains(org.assertj.core.groups.Tuple.tuple("too_many_activations", "probes.pooling"));
        long pooled = MemoryEstimate.of(experiment(probes -> {}), Specs.validationFacts(10_000, 20, PLENTY))
                .bytesByKind()
                .get("fit_probes");
        long tokens = MemoryEstimate.of(experiment(modest), Specs.validationFacts(10_000, 20, PLENTY))
                .bytesByKind()
                .get("fit_probes");
        // (30 + 10) prompts with 2 responses and 20 that calibrate, of 24 tokens, 192 numbers in float64, three times
        assertThat(tokens - pooled).isEqualTo(3L * 8 * (40 * 2 + 20) * 24 * 192);
    }
}
