package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Problem;
import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.LossType;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.TaskMemory.Batch;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LossRulesTest {
    @Test
    void everyLossOfTrlGoesThroughAloneAndBesideNll() {
        for (LossType type : List.of(LossType.SIGMOID, LossType.HINGE, LossType.IPO)) {
            assertThat(problems(loss(List.of(type), null, null))).isEmpty();
            assertThat(problems(loss(List.of(type, LossType.SFT), List.of(1.0, 0.2), null)))
                    .isEmpty();
        }
        assertThat(problems(loss(List.of(LossType.ROBUST), null, 0.1))).isEmpty();
        assertThat(problems(loss(null, null, 0.1))).isEmpty();
    }

    @Test
    void absentLossIsDpoAlone() {
        assertThat(PairLossSettings.of(TrainingSpec.EMPTY))
                .isEqualTo(new PairLossSettings(LossType.SIGMOID, 1, 0, 0.1, 0));
    }

    @Test
    void weightsGoWithTheirLosses() {
        TrainingSpec anchored = loss(List.of(LossType.SFT, LossType.HINGE), List.of(0.25, 2.0), null);
        assertThat(PairLossSettings.of(anchored)).isEqualTo(new PairLossSettings(LossType.HINGE, 2, 0.25, 0.1, 0));
        TrainingSpec over = anchored.overlaid(loss(List.of(LossType.IPO), null, null));
        assertThat(PairLossSettings.of(over)).isEqualTo(new PairLossSettings(LossType.IPO, 1, 0, 0.1, 0));
        TrainingSpec reweighted = anchored.overlaid(loss(null, List.of(0.5, 1.0), null));
        assertThat(PairLossSettings.of(reweighted)).isEqualTo(new PairLossSettings(LossType.HINGE, 1, 0.5, 0.1, 0));
    }

    @Test
    void contradictionsAreRefusedByTheirField() {
        String training = "arms.dpo.training";
        assertThat(problems(loss(List.of(LossType.HINGE), null, 0.1)))
                .containsExactly("contradiction " + training + ".label_smoothing");
        assertThat(problems(loss(List.of(LossType.IPO), null, 0.1)))
                .containsExactly("contradiction " + training + ".label_smoothing");
        assertThat(problems(loss(List.of(LossType.ROBUST), null, null)))
                .containsExactly("contradiction " + training + ".label_smoothing");
        assertThat(problems(loss(List.of(LossType.SFT), null, null)))
                .containsExactly("unsupported " + training + ".loss_type");
        assertThat(problems(loss(List.of(), null, null))).containsExactly("unsupported " + training + ".loss_type");
        assertThat(problems(loss(List.of(LossType.SIGMOID, LossType.HINGE), null, null)))
                .containsExactly("unsupported " + training + ".loss_type");
        assertThat(problems(loss(List.of(LossType.SIGMOID, LossType.SIGMOID), null, null)))
                .containsExactly("duplicate " + training + ".loss_type");
        assertThat(problems(loss(List.of(LossType.SIGMOID, LossType.SFT), List.of(1.0), null)))
                .containsExactly("contradiction " + training + ".loss_weights");
        assertThat(problems(loss(null, List.of(1.0, 1.0), null)))
                .containsExactly("contradiction " + training + ".loss_weights");
        assertThat(problems(loss(null, List.of(-1.0), null)))
                .containsExactly("out_of_range " + training + ".loss_weights");
        assertThat(problems(kl(-0.1))).containsExactly("out_of_range " + training + ".kl_weight");
        assertThat(problems(kl(Double.NaN))).containsExactly("out_of_range " + training + ".kl_weight");
    }

    @Test
    void lossOnPairsIsRefusedWhereThereAreNone() {
        Map<String, ArmSpec> arms = Specs.arms(
                "baseline", new ArmSpec.None(), "sft", new ArmSpec.Sft(loss(List.of(LossType.HINGE), null, null)));
        assertThat(ValueRules.check(Specs.experiment(arms, 1L)))
                .extracting(Problem::field)
                .containsExactly("arms.sft.training.loss_type");
        Map<String, ArmSpec> anchored = Specs.arms("baseline", new ArmSpec.None(), "sft", new ArmSpec.Sft(kl(0.1)));
        assertThat(ValueRules.check(Specs.experiment(anchored, 1L))).isEmpty();
    }

    @Test
    void experimentsLossMeetsTheArmsSmoothing() {
        Map<String, ArmSpec> arms = arms(loss(null, null, 0.1));
        TrainingSpec hinge = loss(List.of(LossType.HINGE), null, null);
        assertThat(ValueRules.check(Specs.experiment(arms, Specs.probes(ProbeSpec.BEST), hinge, List.of(1L))))
                .extracting(Problem::field)
                .containsExactly("arms.dpo.training.label_smoothing");
    }

    @Test
    void weightOfATextIsNeverNegative() {
        assertThat(probeSft(1.0, ArmSpec.ProbeOutput.PROBABILITY)).isEmpty();
        assertThat(probeSft(1.5, ArmSpec.ProbeOutput.PROBABILITY)).containsExactly("arms.probe-sft.lambda");
        assertThat(probeSft(0.5, ArmSpec.ProbeOutput.LOGIT)).containsExactly("arms.probe-sft.output");
    }

    @Test
    void askingTheReferenceTakesMemory() {
        long plain = trainingBytes(arms(TrainingSpec.EMPTY));
        assertThat(trainingBytes(arms(kl(0.1))))
                .isEqualTo(plain + TaskMemory.divergence(Specs.MODEL, Batch.ofPairs(8, 20, 24)));
        Batch texts = Batch.ofTexts(8, Specs.MODEL.context());
        assertThat(trainingBytes(reference(ArmSpec.ProbedModel.REFERENCE))
                        - trainingBytes(reference(ArmSpec.ProbedModel.POLICY)))
                .isEqualTo(TaskMemory.reference(Specs.MODEL, texts));
    }

    private static long trainingBytes(Map<String, ArmSpec> arms) {
        Map<String, Long> bytes = MemoryEstimate.of(
                        Specs.experiment(arms, 1L), Specs.validationFacts(10_000, 20, OptionalLong.of(1L << 40)))
                .bytesByKind();
        return bytes.get("train");
    }

    private static Map<String, ArmSpec> reference(ArmSpec.ProbedModel activations) {
        return Specs.arms(
                "baseline",
                new ArmSpec.None(),
                "probe-sft",
                new ArmSpec.ProbeSft(1.0, 1, null, null, null, activations, TrainingSpec.EMPTY));
    }

    private static List<String> probeSft(double lambda, ArmSpec.ProbeOutput output) {
        ArmSpec arm =
                new ArmSpec.ProbeSft(lambda, 1, null, null, output, ArmSpec.ProbedModel.REFERENCE, TrainingSpec.EMPTY);
        return ValueRules.check(Specs.experiment(Specs.arms("baseline", new ArmSpec.None(), "probe-sft", arm), 1L))
                .stream()
                .map(Problem::field)
                .toList();
    }

    private static Map<String, ArmSpec> arms(TrainingSpec training) {
        return Specs.arms(
                "baseline", new ArmSpec.None(), "dpo", new ArmSpec.Dpo(ArmSpec.LabelBy.SCORER, null, null, training));
    }

    private static List<String> problems(TrainingSpec training) {
        return ValueRules.check(Specs.experiment(arms(training), 1L)).stream()
                .map(problem -> problem.code() + " " + problem.field())
                .toList();
    }

    private static TrainingSpec loss(
            @Nullable List<LossType> types, @Nullable List<Double> weights, @Nullable Double smoothing) {
        return new TrainingSpec(
                null, null, null, smoothing, types, weights, null, null, null, null, null, null, null, null, null, null,
                null, null, null);
    }

    private static TrainingSpec kl(double weight) {
        return new TrainingSpec(
                null, null, null, null, null, null, weight, null, null, null, null, null, null, null, null, null, null,
                null, null);
    }
}
