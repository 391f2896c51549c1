package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EvaluationPointsTest {
    @Test
    void pointsAreSpreadEvenlyAndEndWithTheLastStep() {
        EvaluationPoints points = new EvaluationPoints(11, 38);

        assertThat(points.stepOfEach()).containsExactly(0, 4, 8, 11, 15, 19, 23, 27, 30, 34, 38);
        assertThat(points.at(38)).containsExactly(10);
        assertThat(points.at(5)).isEmpty();
    }

    @Test
    void shortTrainingReachesSeveralPointsAtOnce() {
        EvaluationPoints points = new EvaluationPoints(7, 2);

        assertThat(points.stepOfEach()).containsExactly(0, 0, 1, 1, 1, 2, 2);
        assertThat(points.steps()).containsExactly(0, 1, 2);
        assertThat(points.at(1)).containsExactly(2, 3, 4);
    }
}
