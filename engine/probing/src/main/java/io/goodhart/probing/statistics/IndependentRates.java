package io.goodhart.probing.statistics;

import java.util.Optional;

/**
 * Two rates on different items: k₁ of n₁ and k₂ of n₂.
 */
public record IndependentRates(int firstSuccesses, int firstN, int secondSuccesses, int secondN) {
    /**
     * p₁ − p₂ with the hybrid score interval lower = Δ − √((p₁ − l₁)² + (u₂ − p₂)²), upper = Δ + √((u₁ − p₁)² + (p₂ − l₂)²), l and u
     * Wilson's limits. Newcombe 1998, Statistics in Medicine 17, p. 873, method 10.
     *
     * @return empty if either has no items
     */
    public Optional<PairedOutcomes.Difference> difference(double level) {
        Optional<Interval> first = Wilson.of(firstSuccesses, firstN, level);
        Optional<Interval> second = Wilson.of(secondSuccesses, secondN, level);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        double p1 = (double) firstSuccesses / firstN;
        double p2 = (double) secondSuccesses / secondN;
        double below = Math.hypot(p1 - first.get().lower(), second.get().upper() - p2);
        double above = Math.hypot(first.get().upper() - p1, p2 - second.get().lower());
        double delta = p1 - p2;
        return Optional.of(new PairedOutcomes.Difference(delta, new Interval(delta - below, delta + above)));
    }
}
