package io.goodhart.api.report;

import io.goodhart.domain.statistics.SeedMean;

/** Whether a quantity of two arms was measured on the same texts, and what their difference then is. */
sealed interface Pairing {
    /**
     * Text by text.
     *
     * @param difference b − a over seeds and units
     */
    record Paired(SeedMean difference, String unit) implements Pairing {
        /** {@code by prompt, 400 of them, 3 seeds}. */
        String how() {
            return "by %s, %d %s".formatted(unit, difference.seeds(), difference.seeds() == 1 ? "seed" : "seeds");
        }

        /** Whether the difference has an interval: something varies, or nothing differs at all. */
        boolean isMeasured() {
            return difference.isSpread() || difference.p().isPresent();
        }
    }

    /** @param why in words, to follow a colon */
    record Unpaired(String why) implements Pairing {}
}
