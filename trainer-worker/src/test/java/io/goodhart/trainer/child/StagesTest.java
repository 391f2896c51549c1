package io.goodhart.trainer.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StagesTest {
    private static final long SECOND = 1_000_000_000L;

    private record Seen(long done, long total, @Nullable Double eta, String stage) {}

    private final AtomicLong clock = new AtomicLong();
    private final List<Seen> seen = new ArrayList<>();
    private final Stages stages = new Stages(
            (done, total, unit, eta, stage) -> seen.add(new Seen(done, total, eta, stage)), clock::get, SECOND);

    @Test
    void remainingTimeFollowsFromTheShareThatIsDone() {
        stages.plan("generating", "responses", 10, 3).plan("scoring", "responses", 10, 1);
        stages.start("generating");
        clock.set(15 * SECOND);
        stages.done(5);

        assertThat(seen.getLast().eta()).isCloseTo(25.0, within(1e-9));
    }

    @Test
    void laterStagesCountWhatIsBehindThem() {
        stages.plan("generating", "responses", 10, 3).plan("scoring", "responses", 10, 1);
        stages.start("generating");
        clock.set(30 * SECOND);
        stages.start("scoring");

        assertThat(seen.getLast().stage()).isEqualTo("scoring");
        assertThat(seen.getLast().eta()).isCloseTo(10.0, within(1e-9));
    }

    @Test
    void nothingIsEstimatedBeforeAnythingIsDone() {
        stages.plan("generating", "responses", 10, 1);
        stages.start("generating");

        assertThat(seen.getLast().eta()).isNull();
    }

    @Test
    void progressIsToldSparinglyButTheEndAlways() {
        stages.plan("generating", "responses", 100, 1);
        stages.start("generating");
        for (int done = 1; done <= 100; done++) {
            stages.done(done);
        }

        assertThat(seen).extracting(Seen::done).containsExactly(0L, 100L);
    }

    @Test
    void stagesComeInTheOrderOfThePlan() {
        stages.plan("generating", "responses", 1, 1).plan("scoring", "responses", 1, 1);

        assertThatThrownBy(() -> stages.start("scoring")).isInstanceOf(IllegalStateException.class);
    }
}
