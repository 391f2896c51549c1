package io.goodhart.tuning.objective;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import java.util.List;

/**
 * Which of P probes speak at an optimiser step, and how their values become one (Wehner and Fritz 2025, appendix B; the
 * extremes are ours). Steps count from 0; micro-batches of one step see the same probes.
 */
public sealed interface ProbeAggregation {
    /** Always the same probe. */
    record Single(int index) implements ProbeAggregation {}

    /** Mean of the probes' values, so of probabilities, not of log-odds, if the value is a probability. */
    record Average() implements ProbeAggregation {}

    /** One probe per step, drawn anew from the seed. */
    record RandomSwitch(long seed) implements ProbeAggregation {}

    /** One probe per step, from a list that is repeated. */
    record ListedSwitch(List<Integer> indices) implements ProbeAggregation {
        public ListedSwitch {
            indices = List.copyOf(indices);
            if (indices.isEmpty()) {
                throw new IllegalArgumentException("Need at least one index");
            }
        }
    }

    /** The probes in order, each for {@code block} consecutive steps, and round again. */
    record TimedSwitch(int block) implements ProbeAggregation {
        public TimedSwitch {
            if (block < 1) {
                throw new IllegalArgumentException("Need a block of at least one step, got " + block);
            }
        }
    }

    /** The smallest value of each sequence. */
    record Minimum() implements ProbeAggregation {}

    /** The largest value of each sequence. */
    record Maximum() implements ProbeAggregation {}

    /** The probes that a step needs: one, or all of them. */
    default List<FrozenProbe> probesAt(int step, List<FrozenProbe> probes) {
        return switch (this) {
            case Single(int index) -> List.of(probes.get(index));
            case RandomSwitch(long seed) ->
                List.of(probes.get(new SplitMix(Seeds.derive(seed, "probe-switch/step-" + step)).below(probes.size())));
            case ListedSwitch(List<Integer> indices) -> List.of(probes.get(indices.get(step % indices.size())));
            case TimedSwitch(int block) -> List.of(probes.get(step / block % probes.size()));
            case Average _, Minimum _, Maximum _ -> probes;
        };
    }

    /** Refuses an aggregation that names a probe beyond the last. */
    default void requireIndicesBelow(int probes) {
        List<Integer> indices = switch (this) {
            case Single(int index) -> List.of(index);
            case ListedSwitch(List<Integer> listed) -> listed;
            case RandomSwitch _, TimedSwitch _, Average _, Minimum _, Maximum _ -> List.of();
        };
        for (int index : indices) {
            if (index < 0 || index >= probes) {
                throw new IllegalArgumentException("Need an index in 0..%d, got %d".formatted(probes - 1, index));
            }
        }
    }
}
