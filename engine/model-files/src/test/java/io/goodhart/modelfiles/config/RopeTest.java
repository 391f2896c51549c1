package io.goodhart.modelfiles.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.modelfiles.config.Rope.Scaling;
import java.util.List;
import org.junit.jupiter.api.Test;

class RopeTest {
    @Test
    void frequenciesFallGeometricallyFromOne() {
        assertThat(new Rope(4, 100, new Scaling.None()).frequencies())
                .containsExactly(new double[] {1, 0.1}, within(1e-15));
    }

    @Test
    void linearScalingDividesAll() {
        assertThat(new Rope(4, 100, new Scaling.Linear(8)).frequencies())
                .containsExactly(new double[] {0.125, 0.0125}, within(1e-15));
    }

    /** Original context 2π·10: a frequency f turns 10·f times. Above 4 turns: kept; below 1: divided; at 2.5: half of each. */
    @Test
    void llama3ScalingKeepsBlendsAndDivides() {
        Scaling scaling = new Scaling.Llama3(8, 1, 4, 20 * Math.PI);
        double[] frequencies = new Rope(8, 256, scaling).frequencies(); // 1, 1/4, 1/16, 1/64 before
        assertThat(frequencies[0]).isEqualTo(1);
        assertThat(frequencies[1]).isCloseTo(0.5 * 0.25 + 0.5 * 0.25 / 8, within(1e-12));
        assertThat(frequencies[2]).isCloseTo(1 / 16.0 / 8, within(1e-12));
        assertThat(frequencies[3]).isCloseTo(1 / 64.0 / 8, within(1e-12));
    }

    @Test
    void longRopeDividesEachAndScalesTheRotation() {
        Rope rope = new Rope(4, 100, new Scaling.LongRope(List.of(1.0, 4.0), 1.25));
        assertThat(rope.frequencies()).containsExactly(new double[] {1, 0.025}, within(1e-15));
        assertThat(rope.magnitude()).isEqualTo(1.25);
        assertThat(new Rope(4, 100, new Scaling.None()).magnitude()).isEqualTo(1);
    }
}
