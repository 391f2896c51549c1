package io.goodhart.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds the name that somebody who misspelt it meant. */
public final class NearMiss {
    private static final int MOST = 2;

    private NearMiss() {}

    /**
     * The name nearest to a misspelt one: at most two letters apart, with one letter in common at least.
     *
     * @return empty if no name is that near, or if two are equally near
     */
    public static Optional<String> of(String misspelt, Collection<String> names) {
        List<String> nearest = new ArrayList<>();
        int least = MOST;
        for (String name : names) {
            int distance = distance(misspelt, name);
            if (distance > least || distance >= Math.max(misspelt.length(), name.length())) {
                continue;
            }
            if (distance < least) {
                nearest.clear();
            }
            least = distance;
            nearest.add(name);
        }
        return nearest.size() == 1 ? Optional.of(nearest.getFirst()) : Optional.empty();
    }

    /**
     * Letters to insert, leave out or replace, d(i, j) = min(d(i−1, j) + 1, d(i, j−1) + 1, d(i−1, j−1) + [a_i ≠ b_j]).
     * Levenshtein 1966, Binary codes capable of correcting deletions, insertions, and reversals.
     */
    static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(Math.min(above[j], row[j - 1]) + 1, replaced);
            }
            above = row;
        }
        return above[b.length()];
    }
}
