package io.goodhart.lm.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With equal scores, attention is the mean over the values that a token may see: 1, 2, 4, 8 … make the set readable. */
class AttentionMasksTest {
    private static final int LENGTH = 5;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    @ParameterizedTest
    @CsvSource({
        // window, softcap, padding in front, then what each token sees, x for a padding token
        "0, 0, 0, 0|01|012|0123|01234",
        "0, 3, 0, 0|01|012|0123|01234",
        "1, 0, 0, 0|1|2|3|4",
        "2, 0, 0, 0|01|12|23|34",
        "2, 3, 0, 0|01|12|23|34",
        "9, 0, 0, 0|01|012|0123|01234",
        "0, 0, 2, x|x|2|23|234",
        "2, 0, 2, x|x|2|23|34",
        "3, 0, 1, x|1|12|123|234",
        "3, 3, 1, x|1|12|123|234",
        "9, 3, 4, x|x|x|x|4"
    })
    void everyTokenSeesItselfAndWhatTheWindowLeavesOfTheTokensBeforeIt(
            int window, double softcap, int padding, String seen) {
        Scores scores = new Scores(1, softcap, window);
        try (Scope scope = Scope.open()) {
            AttentionMasks masks = new AttentionMasks(LENGTH, new int[] {padding, 0});
            masks.prepare(scores);
            Tensor same = Tensors.ones(2, 1, LENGTH, 1);
            float[] powers = new float[2 * LENGTH];
            for (int i = 0; i < powers.length; i++) {
                powers[i] = 1 << i % LENGTH;
            }
            float[] means = masks.attend(same, same, Tensors.of(powers, 2, 1, LENGTH, 1), scores)
                    .toFloats();
            String[] tokens = seen.split("\\|");
            for (int token = 0; token < LENGTH; token++) {
                if (!tokens[token].equals("x")) {
                    assertThat(means[token]).as("token %d", token).isCloseTo(mean(tokens[token]), within(1e-5f));
                }
            }
        }
    }

    private static float mean(String seen) {
        return (float) seen.chars().mapToLong(c -> 1L << c - '0').average().orElseThrow();
    }
}
