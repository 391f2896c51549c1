package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.Ensemble;
import io.goodhart.probing.Golden;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Probe;
import io.goodhart.probing.Probes;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.Tensors;
import io.goodhart.probing.TokenActivations;
import io.goodhart.probing.direction.CosineMatrix;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.RocAuc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TransferGoldenTest {
    private static final Tensors DATA = Golden.tensors("activations.safetensors");
    private static final Tensors FITS = Golden.tensors("fits.safetensors");
    private static final JsonNode VALUES = Golden.json("values.json");

    @Test
    void frozenReStandardisedAndRefitProbesReadAnotherModelAsTheReferenceDoes() {
        LinearFit probe = LogisticRegression.standard().fit(DATA.examples("train"));
        Transfer transfer = Transfer.of(probe, DATA.examples("second_train"), LogisticRegression.standard());
        JsonNode expected = VALUES.get("transfer_triple");
        assertReading(transfer.frozen(), expected.get("frozen"));
        assertReading(transfer.reStandardised(), expected.get("re_standardised"));
        assertAuc(transfer.refit(), expected.get("refit"));
        assertThat(transfer.refit().weight().toArray())
                .containsExactly(FITS.doubles("refit/w"), Offset.offset(Golden.WEIGHTS));
        assertThat(transfer.refit().bias()).isCloseTo(FITS.scalar("refit/b"), within(Golden.WEIGHTS));
        assertThat(transfer.rotation())
                .isCloseTo(
                        expected.get("refit")
                                .get("cosine_of_refit_w_with_frozen_w")
                                .doubleValue(),
                        within(Golden.WEIGHTS));
    }

    @Test
    void cosinesAndMeanProbabilityOfTenProbesAreThoseOfTheReference() {
        List<DenseVector> standardised = new ArrayList<>();
        List<DenseVector> folded = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            standardised.add(DenseVector.of(FITS.doubles("ten/" + k + "/w")));
            DenseVector weight = DenseVector.of(FITS.doubles("ten/" + k + "/folded_w"));
            folded.add(weight);
            LinearFit fit = new LinearFit(
                    ProbeSpec.Kind.LOGISTIC,
                    Standardiser.identity(weight.size()),
                    weight,
                    FITS.scalar("ten/" + k + "/folded_b"));
            probes.add(Probes.of(fit));
        }
        assertCosines(CosineMatrix.of(standardised), "standardised_w");
        assertCosines(CosineMatrix.of(folded), "folded_w");
        assertThat(new Ensemble(probes, Ensemble.Combine.MEAN)
                        .probabilities(TokenActivations.pooled(DATA.activations("test/x"))))
                .containsExactly(FITS.doubles("ten/mean_probability_test"), Offset.offset(Golden.EXACT));
    }

    private static void assertReading(LinearFit probe, JsonNode expected) {
        assertAuc(probe, expected);
        LabelledActivations test = DATA.examples("second_test");
        double[] logits = probe.logits(test.activations());
        assertThat(ProbabilityScores.accuracy(test.labels(), logits, 0).orElseThrow())
                .isCloseTo(expected.get("accuracy_at_0.5").doubleValue(), within(Golden.EXACT));
        assertThat(Arrays.stream(logits).average().orElseThrow())
                .isCloseTo(expected.get("mean_logit").doubleValue(), within(Golden.LOGITS));
    }

    private static void assertAuc(LinearFit probe, JsonNode expected) {
        LabelledActivations test = DATA.examples("second_test");
        assertThat(RocAuc.of(test.labels(), probe.logits(test.activations())).orElseThrow())
                .isCloseTo(expected.get("roc_auc").doubleValue(), within(Golden.RANKING));
    }

    private static void assertCosines(List<List<Double>> actual, String space) {
        JsonNode expected = VALUES.get("ten_probes").get(space);
        List<String> names =
                IntStream.range(0, actual.size()).mapToObj(k -> "train-" + k).toList();
        DoubleSummaryStatistics pairs =
                new ProbeSweep(null, null, List.of(), actual, names, Map.of(), null).trainingCosines();
        assertThat(pairs.getAverage()).isCloseTo(expected.get("mean").doubleValue(), within(Golden.EXACT));
        assertThat(pairs.getMin()).isCloseTo(expected.get("min").doubleValue(), within(Golden.EXACT));
        assertThat(pairs.getMax()).isCloseTo(expected.get("max").doubleValue(), within(Golden.EXACT));
        double[] matrix = FITS.doubles("ten/cosine_" + space);
        for (int i = 0; i < actual.size(); i++) {
            for (int j = 0; j < actual.size(); j++) {
                assertThat(actual.get(i).get(j)).isCloseTo(matrix[i * actual.size() + j], within(Golden.EXACT));
            }
        }
    }
}
