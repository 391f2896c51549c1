package io.goodhart.domain.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    /** Wehner and Fritz 2025, appendix A: ten probes, upper triangle row by row, in hundredths. */
    private static final int[] PUBLISHED = {
        21, 25, 31, 26, 24, 24, 33, 22, 23, 24, 22, 30, 27, 21, 24, 21, 29, 29, 23, 26, 25, 30, 26, 25, 22, 21, 25, 26,
        24, 26, 29, 23, 27, 20, 25, 31, 24, 27, 29, 27, 17, 24, 20, 23, 26
    };

    @Test
    void publishedMatrixHasThePublishedMeanAndRange() {
        int n = 10;
        double[][] full = new double[n][n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            full[i][i] = 1;
            for (int j = i + 1; j < n; j++) {
                full[i][j] = full[j][i] = PUBLISHED[next++] / 100.0;
            }
        }
        List<List<Double>> rows = Arrays.stream(full)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        List<String> names = IntStream.range(0, n).mapToObj(k -> "train-" + k).toList();

        DoubleSummaryStatistics cosines =
                new ProbeSweep(20, "resid_post", List.of(), rows, names, Map.of(), null).trainingCosines();

        assertThat(cosines.getCount()).isEqualTo(45);
        assertThat(cosines.getAverage()).isCloseTo(0.2504, within(5e-5));
        assertThat(cosines.getMin()).isEqualTo(0.17);
        assertThat(cosines.getMax()).isEqualTo(0.33);
    }
}
