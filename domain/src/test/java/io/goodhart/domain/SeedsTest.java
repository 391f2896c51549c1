package io.goodhart.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void purposesHaveStreamsOfTheirOwn() {
        assertThat(Seeds.derive(1, "training"))
                .isNotEqualTo(Seeds.derive(1, "prompts"))
                .isNotEqualTo(Seeds.derive(2, "training"));
    }

    @Test
    void permutationIsAPermutationAndRepeats() {
        int[] order = Seeds.permutation(1000, 42);
        assertThat(Arrays.stream(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(Seeds.permutation(1000, 42)).isEqualTo(order);
        assertThat(Seeds.permutation(1000, 43)).isNotEqualTo(order);
    }

    @Test
    void everyPermutationOfThreeIsAboutEquallyLikely() {
        Map<String, Integer> counts = new HashMap<>();
        for (int seed = 0; seed < 6000; seed++) {
            counts.merge(Arrays.toString(Seeds.permutation(3, Seeds.derive(seed, "test"))), 1, Integer::sum);
        }
        assertThat(counts)
                .hasSize(6)
                .allSatisfy((order, count) -> assertThat(count).isBetween(880, 1120));
    }

    /** First outputs of SplitMix64 for seed 1234567, as published with the reference implementation. */
    @Test
    void splitMixGivesThePublishedNumbers() {
        SplitMix random = new SplitMix(1234567);
        assertThat(Long.toUnsignedString(random.next())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(random.next())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(random.next())).isEqualTo("9817491932198370423");
    }
}
