package io.goodhart.domain.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeSweepTest {
    @Test
    void cosinesAreThoseOfTrainingProbes() {
        ProbeSweep sweep = new ProbeSweep(
                3,
                "resid_post",
                List.of(),
                List.of(
                        List.of(1.0, 0.2, 0.4, 0.9),
                        List.of(0.2, 1.0, 0.6, 0.9),
                        List.of(0.4, 0.6, 1.0, 0.9),
                        List.of(0.9, 0.9, 0.9, 1.0)),
                List.of("train-0", "train-1", "train-2", "held_out-0"),
                Map.of(),
                null);

        DoubleSummaryStatistics cosines = sweep.trainingCosines();

        assertThat(cosines.getCount()).isEqualTo(3);
        assertThat(cosines.getAverage()).isCloseTo(0.4, within(1e-12));
        assertThat(cosines.getMin()).isEqualTo(0.2);
        assertThat(cosines.getMax()).isEqualTo(0.6);
    }
}
