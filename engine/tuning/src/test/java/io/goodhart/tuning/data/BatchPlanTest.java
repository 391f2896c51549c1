package io.goodhart.tuning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final DataOrder FILE = new DataOrder.FileOrder();

    @Test
    void inFileOrderMicroBatchJOfStepSStartsAtRowSGPlusJTimesB() {
        BatchPlan plan = new BatchPlan(160, 4, 2, 20, FILE);
        for (int step = 0; step < 20; step++) {
            for (int j = 0; j < 2; j++) {
                int first = (step * 2 + j) * 4;
                assertThat(plan.microBatches(step).get(j)).containsExactly(first, first + 1, first + 2, first + 3);
            }
        }
    }

    @Test
    void theLastStepOfAnEpochTakesWhatIsLeft() {
        BatchPlan plan = BatchPlan.ofEpochs(298, 16, 1, 2, FILE);
        assertThat(plan.totalSteps()).isEqualTo(38);
        assertThat(plan.microBatches(18).getFirst()).hasSize(298 - 18 * 16);
        BatchPlan accumulated = BatchPlan.ofEpochs(11, 2, 4, 3, FILE);
        assertThat(accumulated.stepsPerEpoch()).isEqualTo(2);
        assertThat(accumulated.microBatches(1)).hasSize(2);
        assertThat(accumulated.microBatches(1).get(1)).containsExactly(10);
        assertThat(accumulated.epochsAfter(1)).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(accumulated.epochsAfter(2)).isEqualTo(1);
        assertThat(accumulated.epochsAfter(5)).isCloseTo(2 + 4 / 6.0, within(1e-12));
    }

    @Test
    void aShuffledEpochVisitsEveryRowOnceInAnOrderOfItsOwn() {
        BatchPlan plan = BatchPlan.ofEpochs(37, 4, 2, 2, new DataOrder.Shuffled(11));
        int[] first = rows(plan, 0, plan.stepsPerEpoch());
        int[] second = rows(plan, plan.stepsPerEpoch(), plan.totalSteps());
        assertThat(first)
                .containsExactlyInAnyOrder(IntStream.range(0, 37).toArray())
                .isNotEqualTo(second);
        assertThat(second).containsExactlyInAnyOrder(first);
    }

    @Test
    void theOrderDependsOnTheSeedOnly() {
        BatchPlan plan = BatchPlan.ofEpochs(37, 4, 2, 2, new DataOrder.Shuffled(11));
        BatchPlan again = BatchPlan.ofEpochs(37, 4, 2, 2, new DataOrder.Shuffled(11));
        BatchPlan other = BatchPlan.ofEpochs(37, 4, 2, 2, new DataOrder.Shuffled(12));
        assertThat(rows(again, 0, 10)).isEqualTo(rows(plan, 0, 10)).isNotEqualTo(rows(other, 0, 10));
    }

    @Test
    void stepsOutsideOfThePlanAreRefused() {
        BatchPlan plan = new BatchPlan(8, 4, 1, 2, FILE);
        assertThatIllegalArgumentException().isThrownBy(() -> plan.microBatches(2));
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchPlan(0, 4, 1, 2, FILE));
    }

    private static int[] rows(BatchPlan plan, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(plan::microBatches)
                .flatMap(batches -> batches.stream())
                .flatMapToInt(Arrays::stream)
                .toArray();
    }
}
