package io.goodhart.api.report;

import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.PairedOutcomes;
import io.goodhart.domain.statistics.RateDifference;
import io.goodhart.domain.statistics.SeedMean;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Whether a quantity of two arms was measured on the same texts, and what their difference then is. */
sealed interface Pairing {
    /**
     * Text by text.
     *
     * @param difference b − a over seeds and units
     * @param outcomes of a rate, those of the first seed; absent for other quantities
     * @param unit what is paired
     */
    record Paired(SeedMean difference, @Nullable PairedOutcomes outcomes, String unit) implements Pairing {
        static Paired of(SeedMean difference, String unit) {
            return new Paired(difference, null, unit);
        }

        static Paired of(RateDifference rates, String unit) {
            return new Paired(rates.mean(), rates.firstSeed(), unit);
        }

        /** The same with a spread over seeds that other arms have lent it. */
        Paired with(SeedMean pooled) {
            return new Paired(pooled, outcomes, unit);
        }

        /** Of a rate as a report has it; of others empty where nothing varies. */
        Optional<Interval> interval(double level) {
            return outcomes == null
                    ? difference.interval(level)
                    : Optional.of(new RateDifference(difference, outcomes).interval(level));
        }

        /** As {@link #interval}. */
        OptionalDouble p() {
            return outcomes == null ? difference.p() : new RateDifference(difference, outcomes).p();
        }

        /** {@code by prompt, 3 seeds}. */
        String how() {
            String seeds =
                    "by %s, %d %s".formatted(unit, difference.seeds(), difference.seeds() == 1 ? "seed" : "seeds");
            return outcomes != null && difference.seeds() == 1 ? seeds + ", McNemar" : seeds;
        }

        /** Whether no unit differs in any seed. */
        boolean isEqual() {
            return difference.mean() == 0 && !difference.isSpread();
        }

        /** Whether the difference has an interval: something varies, or nothing differs at all. */
        boolean isMeasured() {
            return outcomes != null || difference.isSpread() || difference.p().isPresent();
        }
    }

    /** @param why in words, to follow a colon */
    record Unpaired(String why) implements Pairing {}
}
