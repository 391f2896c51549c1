package io.goodhart.tuning.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final double CLOSED_FORM = 1e-12;

    @Test
    void aLineToTenPercentStartsAtOneEndsAtTheFloorAndStaysThere() {
        Schedule linear = new Schedule.Linear(5, 38, 0.1);
        assertThat(linear.factor(0)).isZero();
        assertThat(linear.factor(4)).isCloseTo(0.8, within(CLOSED_FORM));
        assertThat(linear.factor(5)).isEqualTo(1);
        assertThat(linear.factor(37)).isCloseTo(0.1 + 0.9 / 33, within(CLOSED_FORM));
        assertThat(linear.factor(38)).isCloseTo(0.1, within(CLOSED_FORM));
        assertThat(linear.factor(60)).isCloseTo(0.1, within(CLOSED_FORM));
    }

    @Test
    void aCosineToAFloorIsHalfwayBetweenAtHalfTime() {
        assertThat(new Schedule.Cosine(0, 10, 0.2).factor(5)).isCloseTo(0.6, within(CLOSED_FORM));
    }

    @Test
    void floorsOutsideOfZeroToOneAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Linear(0, 10, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Cosine(0, 10, 1.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Constant(-1));
    }
}
