package io.goodhart.trainer.execute;

import io.goodhart.domain.Seeds;

/** The seed of each sampled response: a function of the prompt's global index, so that sharding changes nothing. */
final class SeedOf {
    private SeedOf() {}

    static long response(long seed, int promptIndex, int sample) {
        return Seeds.derive(seed, "prompt/" + promptIndex + "/sample/" + sample);
    }
}
