package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.Activations;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.TokenActivations;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LayerSweepTest {
    private static final boolean[] LABELS = {false, false, true, true};
    private static final LabelledTexts SEPARATED = layer(0, 1, 2, 3);
    private static final LabelledTexts MIXED = layer(0, 2, 1, 3);
    private static final LabelledTexts REVERSED = layer(3, 2, 1, 0);

    @Test
    void theLayerThatRanksTheValidationExamplesBestWins() {
        LayerSweep sweep = sweep(of(11, SEPARATED, MIXED), of(4, SEPARATED, REVERSED), of(9, SEPARATED, SEPARATED));
        assertThat(sweep.best())
                .hasValueSatisfying(best -> assertThat(best.layer()).isEqualTo(9));
        assertThat(sweep.layers()).extracting(LayerSweep.Result::layer).containsExactly(4, 9, 11);
        assertThat(sweep.layers())
                .extracting(LayerSweep.Result::validationAuc)
                .containsExactly(OptionalDouble.of(0), OptionalDouble.of(1), OptionalDouble.of(0.75));
    }

    @Test
    void equalLayersGoToTheLowerWhateverTheirOrder() {
        LayerSweep sweep = sweep(of(7, SEPARATED, MIXED), of(2, SEPARATED, MIXED), of(5, MIXED, REVERSED));
        assertThat(sweep.best())
                .hasValueSatisfying(best -> assertThat(best.layer()).isEqualTo(2));
    }

    @Test
    void aLayersAucIsTheMeanOverTheJudgedProbesEachOnAllValidationExamples() {
        List<Integer> fitted = new ArrayList<>();
        LayerSweep sweep = LayerSweep.run(
                List.of(new LayerSweep.Layer(3, List.of(SEPARATED, REVERSED, SEPARATED), List.of(SEPARATED, MIXED))),
                List.of(0, 1),
                Aggregation.MEAN,
                (layer, probe, examples) -> {
                    fitted.add(probe);
                    return slope(examples == REVERSED ? -1 : 1);
                });
        assertThat(fitted).containsExactly(0, 1, 2);
        // values 0 1 0 2 | 2 3 1 3: 14 of 16 pairs in order and two equal ones; the other probe ranks the other way
        // round
        assertThat(LayerSweep.auc(slope(1), Aggregation.MEAN, List.of(SEPARATED, MIXED)))
                .hasValue(0.875);
        assertThat(LayerSweep.auc(slope(-1), Aggregation.MEAN, List.of(SEPARATED, MIXED)))
                .hasValue(0.125);
        assertThat(sweep.layers().getFirst().validationAuc()).hasValue(0.5);
    }

    @Test
    void validationExamplesOfOneClassChooseNothing() {
        LabelledTexts oneClass = LabelledTexts.of(SEPARATED.activations(), new boolean[4]);
        LayerSweep sweep = sweep(of(0, SEPARATED, oneClass));
        assertThat(sweep.layers().getFirst().validationAuc()).isEmpty();
        assertThat(sweep.best()).isEmpty();
    }

    @Test
    void aSweepOfNoLayersIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(LayerSweepTest::sweep);
    }

    private static LayerSweep sweep(LayerSweep.Layer... layers) {
        return LayerSweep.run(
                List.of(layers),
                List.of(0),
                Aggregation.MEAN,
                (layer, probe, examples) -> LogisticRegression.standard().fit(examples.rows()));
    }

    private static LayerSweep.Layer of(int layer, LabelledTexts train, LabelledTexts validation) {
        return new LayerSweep.Layer(layer, List.of(train), List.of(validation));
    }

    private static LinearFit slope(double weight) {
        return new LinearFit(ProbeSpec.Kind.LOGISTIC, Standardiser.identity(1), DenseVector.of(weight), 0);
    }

    private static LabelledTexts layer(float... values) {
        return LabelledTexts.of(TokenActivations.pooled(Activations.of(values, 4, 1)), LABELS);
    }
}
