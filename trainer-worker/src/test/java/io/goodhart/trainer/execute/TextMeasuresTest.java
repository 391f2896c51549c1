package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.report.Evaluation.Perplexity;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextMeasuresTest {
    @Test
    void repetitionCountsBigramsWithinEachText() {
        assertThat(TextMeasures.repetition(List.of("a b a b", "a b"))).isCloseTo((1.0 / 3) / 2, within(1e-12));
        assertThat(TextMeasures.repetition(List.of("No, no, NO; no!"))).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(TextMeasures.repetition(List.of("", "word", "!"))).isZero();
    }

    @Test
    void perplexityPerTokenWeighsLongTextsMoreThanPerText() {
        Perplexity perplexity = Perplexities.of(new double[] {2, 12}, new double[] {2, 4});

        assertThat(perplexity.tokens()).isEqualTo(6);
        assertThat(perplexity.perToken()).isCloseTo(Math.exp(14.0 / 6), within(1e-12));
        assertThat(perplexity.perText()).isCloseTo((Math.E + Math.exp(3)) / 2, within(1e-12));
    }
}
