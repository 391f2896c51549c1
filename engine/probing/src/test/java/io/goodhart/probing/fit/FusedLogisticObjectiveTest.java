package io.goodhart.probing.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.Synthetic;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The optimum of the fast objective beside that of the readable one; feature 1 of the examples does not vary. */
class FusedLogisticObjectiveTest {
    private static final double GRADIENT_NORM = 1e-9;
    /** The function is strongly convex in w with modulus 1, so each search ends within its gradient norm; b is allowed more. */
    private static final double NEAR = 1e-8;

    private static final TruncatedNewton SEARCH = new TruncatedNewton(GRADIENT_NORM, 200);

    @ParameterizedTest
    @CsvSource({
        "40, 131, 0.01, NONE",
        "40, 131, 100, NONE",
        "61, 192, 1, BALANCED",
        "203, 64, 0.01, BALANCED",
        "203, 64, 100, BALANCED",
        "402, 33, 1, NONE"
    })
    void itsOptimumIsThatOfTheReadableObjective(int n, int d, double c, ClassWeights weights) {
        LabelledActivations examples = Synthetic.examples(n, d, 5);
        Standardiser standardiser = Standardiser.of(examples.activations());
        LogisticObjective.Penalty penalty =
                LogisticObjective.Penalty.of(c, weights, examples.positives(), examples.negatives());
        LogisticObjective readable = new LogisticObjective(examples, standardiser, penalty);
        double[] expected = SEARCH.minimise(readable, new double[d + 1]).x().toArray();
        double[] actual = SEARCH.minimise(
                        new FusedLogisticObjective(examples, standardiser, penalty), new double[d + 1])
                .x()
                .toArray();
        assertThat(actual).containsExactly(expected, Offset.offset(NEAR));
        double[] gradient = new double[d + 1];
        readable.evaluate(actual, gradient);
        assertThat(Descent.norm(Arrays.copyOf(gradient, d))).isLessThan(NEAR);
    }
}
