package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.probing.Activations;
import io.goodhart.probing.LabelledActivations;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerSweepTest {
    private static final boolean[] LABELS = {false, false, true, true};
    private static final LabelledActivations SEPARATED = layer(0, 1, 2, 3);
    private static final LabelledActivations MIXED = layer(0, 2, 1, 3);
    private static final LabelledActivations REVERSED = layer(3, 2, 1, 0);

    @Test
    void theLayerThatRanksTheValidationExamplesBestWins() {
        LayerSweep sweep = sweep(
                new LayerSweep.Layer(4, SEPARATED, REVERSED),
                new LayerSweep.Layer(9, SEPARATED, SEPARATED),
                new LayerSweep.Layer(11, SEPARATED, MIXED));
        assertThat(sweep.best().layer()).isEqualTo(9);
        assertThat(sweep.layers()).extracting(LayerSweep.Result::layer).containsExactly(4, 9, 11);
        assertThat(sweep.layers()).extracting(LayerSweep.Result::validationAuc).containsExactly(0.0, 1.0, 0.75);
    }

    @Test
    void equalLayersGoToTheLowerWhateverTheirOrder() {
        LayerSweep sweep = sweep(
                new LayerSweep.Layer(7, SEPARATED, MIXED),
                new LayerSweep.Layer(2, SEPARATED, MIXED),
                new LayerSweep.Layer(5, MIXED, REVERSED));
        assertThat(sweep.best().layer()).isEqualTo(2);
    }

    @Test
    void validationExamplesOfOneClassAreRefusedByName() {
        LabelledActivations oneClass = LabelledActivations.of(SEPARATED.activations(), new boolean[4]);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> sweep(new LayerSweep.Layer(0, SEPARATED, oneClass)))
                .withMessageContaining("validation examples need both classes, got 0 positive and 4 negative");
    }

    @Test
    void aSweepOfNoLayersIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(LayerSweepTest::sweep);
    }

    private static LayerSweep sweep(LayerSweep.Layer... layers) {
        return LayerSweep.run(List.of(layers), LogisticRegression.standard()::fit);
    }

    private static LabelledActivations layer(float... values) {
        return LabelledActivations.of(Activations.of(values, 4, 1), LABELS);
    }
}
