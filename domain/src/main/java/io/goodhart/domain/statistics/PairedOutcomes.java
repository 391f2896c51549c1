package io.goodhart.domain.statistics;

import java.util.Optional;

/**
 * Two yes/no outcomes on the same items (the same prompt under two models), as the four cells of their table.
 *
 * @param both yes and yes
 * @param onlyFirst yes for the first, no for the second
 * @param onlySecond no for the first, yes for the second
 * @param neither no and no
 */
public record PairedOutcomes(int both, int onlyFirst, int onlySecond, int neither) {
    public PairedOutcomes {
        if (Math.min(Math.min(both, onlyFirst), Math.min(onlySecond, neither)) < 0) {
            throw new IllegalArgumentException(
                    "Counts cannot be negative: " + both + ", " + onlyFirst + ", " + onlySecond + ", " + neither);
        }
    }

    /** Counts the cells of outcomes that belong together by index. */
    public static PairedOutcomes of(boolean[] first, boolean[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "Need as many first as second outcomes, got " + first.length + " and " + second.length);
        }
        int[] cells = new int[4];
        for (int i = 0; i < first.length; i++) {
            cells[(first[i] ? 0 : 2) + (second[i] ? 0 : 1)]++;
        }
        return new PairedOutcomes(cells[0], cells[1], cells[2], cells[3]);
    }

    public int n() {
        return both + onlyFirst + onlySecond + neither;
    }

    /**
     * p₁ − p₂ = (onlyFirst − onlySecond)/n with its interval by squaring and adding Wilson limits, correlation φ continuity-corrected:
     * lower = Δ − √(δ₁² − 2φδ₁ε₂ + ε₂²), δ₁ = p₁ − l₁, ε₂ = u₂ − p₂, and the mirror image above. Newcombe 1998, Statistics in
     * Medicine 17, p. 2635, method 10. φ = 0 if a margin is empty.
     *
     * @return empty for n = 0
     */
    public Optional<Difference> difference(double level) {
        Optional<Interval> firstRate = Wilson.of(both + onlyFirst, n(), level);
        Optional<Interval> secondRate = Wilson.of(both + onlySecond, n(), level);
        if (firstRate.isEmpty() || secondRate.isEmpty()) {
            return Optional.empty();
        }
        double p1 = (double) (both + onlyFirst) / n();
        double p2 = (double) (both + onlySecond) / n();
        double phi = correlation();
        double below =
                squareAndAdd(p1 - firstRate.get().lower(), secondRate.get().upper() - p2, phi);
        double above =
                squareAndAdd(firstRate.get().upper() - p1, p2 - secondRate.get().lower(), phi);
        double delta = (double) (onlyFirst - onlySecond) / n();
        return Optional.of(new Difference(delta, new Interval(delta - below, delta + above).clippedTo(-1, 1)));
    }

    /**
     * Exact two-sided p of equal rates given the discordant pairs: twice the smaller binomial tail of Bin(b + c, ½), at most 1.
     * McNemar 1947, Psychometrika 12, p. 153, in its exact form. Without discordant pairs nothing speaks against equality: 1.
     */
    public double mcNemarP() {
        int discordant = onlyFirst + onlySecond;
        int fewer = Math.min(onlyFirst, onlySecond);
        double tail = 0;
        for (int k = 0; k <= fewer; k++) {
            tail += Math.exp(logChoose(discordant, k) - discordant * Math.log(2));
        }
        return Math.min(1, 2 * tail);
    }

    private double correlation() {
        double margins =
                (double) (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
        if (margins == 0) {
            return 0;
        }
        double cross = (double) both * neither - (double) onlyFirst * onlySecond;
        double corrected = cross > 0 ? Math.max(cross - n() / 2.0, 0) : cross;
        return corrected / Math.sqrt(margins);
    }

    private static double squareAndAdd(double own, double other, double phi) {
        return Math.sqrt(Math.max(0, own * own - 2 * phi * own * other + other * other));
    }

    private static double logChoose(int n, int k) {
        return StudentT.logGamma(n + 1.0) - StudentT.logGamma(k + 1.0) - StudentT.logGamma(n - k + 1.0);
    }

    /** An estimate of p₁ − p₂ with its interval. */
    public record Difference(double estimate, Interval interval) {}
}
