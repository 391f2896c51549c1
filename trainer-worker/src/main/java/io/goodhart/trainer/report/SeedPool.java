package io.goodhart.trainer.report;

import io.goodhart.domain.statistics.SeedMean;

/** Lets arms of a kind share what they know of the spread over seeds: two or three seeds of one arm say little, those of more arms more. */
@FunctionalInterface
interface SeedPool {
    /**
     * The same mean with the spread over seeds of all arms of its kind that have the same reading.
     *
     * @param reading what was measured
     */
    SeedMean of(String reading, SeedMean own);
}
